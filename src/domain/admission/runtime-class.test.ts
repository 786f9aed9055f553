import { describe, expect, it } from 'vitest';
import type { PodSpec, RuntimeClass } from '../meta/types.ts';
import { pods } from '../resources/pod.ts';
import { runtimeClasses } from '../resources/runtime-class.ts';
import { clientRequest } from './client-request.ts';
import { listerOf } from './lister-of.ts';
import { runtimeClass } from './runtime-class.ts';

const sandboxed: RuntimeClass = {
  metadata: { name: 'sandboxed' },
  handler: 'runsc',
  overhead: { podFixed: { memory: '64Mi' } },
  scheduling: { nodeSelector: { sandbox: 'yes' }, tolerations: [{ key: 'sandbox', operator: 'Exists' }] },
};
const lister = listerOf({ definition: runtimeClasses, objects: [sandboxed] });
const requestFor = (spec: Partial<PodSpec>) =>
  clientRequest(pods, { metadata: { namespace: 'default', name: 'p' }, spec: { containers: [], ...spec } });
const admit = (spec: Partial<PodSpec>) => runtimeClass().mutate?.(requestFor(spec), lister);

describe('a runtime class', () => {
  it('brings its overhead and its nodes', () =>
    expect(admit({ runtimeClassName: 'sandboxed', nodeSelector: { zone: 'a' } })).toMatchObject({
      spec: {
        overhead: { memory: '64Mi' },
        nodeSelector: { zone: 'a', sandbox: 'yes' },
        tolerations: [{ key: 'sandbox', operator: 'Exists' }],
      },
    }));

  it('need not be named', () => expect(admit({})).toBeUndefined());

  it.each<[Partial<PodSpec>, string]>([
    [{ runtimeClassName: 'kata' }, 'pods "p" is forbidden: pod rejected: RuntimeClass "kata" not found'],
    [
      { runtimeClassName: 'sandboxed', overhead: { memory: '1Mi' } },
      "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
    ],
    [
      { runtimeClassName: 'sandboxed', nodeSelector: { sandbox: 'no' } },
      'conflict: runtimeClass.scheduling.nodeSelector[sandbox] = yes; pod.spec.nodeSelector[sandbox] = no',
    ],
  ])('refuses %j', (spec, message) => expect(() => admit(spec)).toThrow(message));

  it('is what overhead comes from', () =>
    expect(() => runtimeClass().validate?.(requestFor({ overhead: { memory: '1Mi' } }), lister)).toThrow(
      'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
    ));
});
