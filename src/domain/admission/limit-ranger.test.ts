import { describe, expect, it } from 'vitest';
import type { Container, LimitRange, LimitRangeItem, Pod } from '../meta/types.ts';
import { limitRanges } from '../resources/limit-range.ts';
import { pods } from '../resources/pod.ts';
import { clientRequest } from './client-request.ts';
import { limitRanger } from './limit-ranger.ts';
import { listerOf } from './lister-of.ts';

const range = (...limits: LimitRangeItem[]): LimitRange =>
  limitRanges.default({ metadata: { namespace: 'plant', name: 'bounds' }, spec: { limits } });

const pod = (resources?: Container['resources'], spec: object = {}): Pod => ({
  metadata: { namespace: 'plant', name: 'p' },
  spec: { containers: [{ name: 'a', ...(resources ? { resources } : {}) }], ...spec },
});

const admitted = (limits: LimitRange, object: Pod): Pod => {
  const lister = listerOf({ definition: limitRanges, objects: [limits] });
  return limitRanger().mutate?.(clientRequest(pods, object), lister) as Pod;
};

const refusal = (limit: LimitRangeItem, object: Pod): string => {
  try {
    const lister = listerOf({ definition: limitRanges, objects: [range(limit)] });
    void limitRanger().validate?.(clientRequest(pods, object), lister);
    return '';
  } catch (error) {
    return (error as Error).message.replace('pods "p" is forbidden: ', '');
  }
};

describe('defaults', () => {
  const limits = range({
    type: 'Container',
    default: { cpu: '500m', memory: '512Mi' },
    defaultRequest: { cpu: '100m' },
  });

  it('fill what containers leave open, and say so', () => {
    const { metadata, spec } = admitted(limits, pod(undefined, { initContainers: [{ name: 'z' }] }));
    const resources = { limits: { cpu: '500m', memory: '512Mi' }, requests: { cpu: '100m', memory: '512Mi' } };
    expect(spec).toMatchObject({ containers: [{ resources }], initContainers: [{ resources }] });
    expect(metadata?.annotations).toEqual({
      'kubernetes.io/limit-ranger':
        'LimitRanger plugin set: cpu, memory request for container a; cpu, memory limit for container a; cpu, memory request for init container z; cpu, memory limit for init container z',
    });
  });

  it('leave alone what is given', () => {
    const own = { limits: { cpu: '2' }, requests: { cpu: '1', memory: '1Gi' } };
    const { metadata, spec } = admitted(limits, pod(own));
    expect(spec?.containers[0]?.resources).toEqual({ limits: { cpu: '2', memory: '512Mi' }, requests: own.requests });
    expect(metadata?.annotations).toEqual({
      'kubernetes.io/limit-ranger': 'LimitRanger plugin set: memory limit for container a',
    });
  });

  it('follow from the bounds', () =>
    expect(
      range({
        type: 'Container',
        max: { cpu: '2', memory: '1Gi' },
        min: { cpu: '1', storage: '1' },
        default: { cpu: '1' },
      }).spec?.limits[0],
    ).toMatchObject({
      default: { cpu: '1', memory: '1Gi' },
      defaultRequest: { cpu: '1', memory: '1Gi', storage: '1' },
    }));
});

describe('bounds', () => {
  it.each<[LimitRangeItem, Pod, string]>([
    [{ type: 'Container', min: { cpu: '100m' } }, pod({ requests: { cpu: '100m' } }), ''],
    [
      { type: 'Container', min: { cpu: '100m' } },
      pod(),
      'minimum cpu usage per Container is 100m.  No request is specified',
    ],
    [
      { type: 'Container', min: { cpu: '100m' } },
      pod({ requests: { cpu: '50m' } }),
      'minimum cpu usage per Container is 100m, but request is 50m',
    ],
    [
      { type: 'Container', min: { cpu: '100m' } },
      pod({ requests: { cpu: '100m' }, limits: { cpu: '90m' } }),
      'minimum cpu usage per Container is 100m, but limit is 90m',
    ],
    [
      { type: 'Container', max: { memory: '1Gi' } },
      pod({ requests: { memory: '1Gi' } }),
      'maximum memory usage per Container is 1Gi.  No limit is specified',
    ],
    [
      { type: 'Container', max: { memory: '1Gi', cpu: '1' } },
      pod({ limits: { memory: '2Gi', cpu: '2' } }),
      '[maximum memory usage per Container is 1Gi, but limit is 2Gi, maximum cpu usage per Container is 1, but limit is 2]',
    ],
    [
      { type: 'Container', max: { memory: '1Gi' } },
      pod({ limits: { memory: '1Gi' }, requests: { memory: '2Gi' } }),
      'maximum memory usage per Container is 1Gi, but request is 2Gi',
    ],
    [
      { type: 'Container', maxLimitRequestRatio: { cpu: '2' } },
      pod({ limits: { cpu: '1' }, requests: { cpu: '300m' } }),
      'cpu max limit to request ratio per Container is 2, but provided ratio is 3.333333',
    ],
    [
      { type: 'Container', maxLimitRequestRatio: { cpu: '2' } },
      pod({ limits: { cpu: '1' } }),
      'cpu max limit to request ratio per Container is 2, but no request is specified or request is 0',
    ],
    [
      { type: 'Pod', max: { cpu: '1' } },
      pod(undefined, {
        containers: [
          { name: 'a', resources: { limits: { cpu: '600m' } } },
          { name: 'b', resources: { limits: { cpu: '600m' } } },
        ],
      }),
      'maximum cpu usage per Pod is 1, but limit is 1200m',
    ],
    [{ type: 'PersistentVolumeClaim', max: { storage: '1Gi' } }, pod(), ''],
  ])('%j', (limit, object, message) => expect(refusal(limit, object)).toBe(message));
});
