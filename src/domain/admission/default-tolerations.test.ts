import { describe, expect, it } from 'vitest';
import type { PodSpec } from '../meta/types.ts';
import { pods } from '../resources/pod.ts';
import { clientRequest } from './client-request.ts';
import { defaultTolerations } from './default-tolerations.ts';
import { listerOf } from './lister-of.ts';

const admit = (tolerations?: PodSpec['tolerations']) =>
  defaultTolerations().mutate?.(
    clientRequest(pods, {
      metadata: { namespace: 'default', name: 'p' },
      spec: { containers: [], ...(tolerations ? { tolerations } : {}) },
    }),
    listerOf(),
  );

const added = (name: string) => ({
  key: `node.kubernetes.io/${name}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
});

describe('defaultTolerations', () => {
  it('tolerates a node that does not answer for 300 s', () =>
    expect(admit()).toMatchObject({ spec: { tolerations: [added('not-ready'), added('unreachable')] } }));

  it('adds only what the pod does not say itself', () => {
    const own = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 };
    expect(admit([own])).toMatchObject({ spec: { tolerations: [own, added('unreachable')] } });
  });

  it('adds nothing to a pod that tolerates everything', () =>
    expect(admit([{ operator: 'Exists' }])).toMatchObject({ spec: { tolerations: [{ operator: 'Exists' }] } }));

  it('does not take another effect for it', () =>
    expect(admit([{ operator: 'Exists', effect: 'NoSchedule' }])).toMatchObject({
      spec: { tolerations: [expect.anything(), added('not-ready'), added('unreachable')] },
    }));
});
