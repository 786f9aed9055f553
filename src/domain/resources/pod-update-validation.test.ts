import { describe, expect, it } from 'vitest';
import type { Pod, PodSpec } from '../meta/types.ts';
import { foreignAnnotation } from './foreign-pod.ts';
import { pods } from './pod.ts';

const toleration = { key: 'plc', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 };

const base: PodSpec = {
  containers: [{ name: 'a', image: 'i:1' }],
  initContainers: [{ name: 'b', image: 'i:1' }],
  tolerations: [toleration],
  activeDeadlineSeconds: 100,
};
const podOf = (spec: PodSpec): Pod => pods.default({ metadata: { name: 'p' }, spec });

const errorsOf = (change: Partial<PodSpec>, current: PodSpec = base, subresource?: string): string[] =>
  pods
    .validateUpdate(podOf({ ...current, ...change }), podOf(current), subresource)
    .map(({ field, message }) => `${field}: ${message}`);

describe('an update of a pod', () => {
  it.each<[string, Partial<PodSpec>]>([
    ['images', { containers: [{ name: 'a', image: 'i:2' }], initContainers: [{ name: 'b', image: 'i:2' }] }],
    ['more tolerations', { tolerations: [{ operator: 'Exists' }, toleration] }],
    ['how long something is tolerated', { tolerations: [{ ...toleration, tolerationSeconds: 5 }] }],
    ['a nearer deadline', { activeDeadlineSeconds: 50 }],
    ['nothing', {}],
  ])('may bring %s', (_what, change) => expect(errorsOf(change)).toEqual([]));

  it('may bring a first deadline', () =>
    expect(errorsOf({ activeDeadlineSeconds: 5 }, { containers: base.containers })).toEqual([]));

  it('may mend a negative grace', () =>
    expect(errorsOf({ terminationGracePeriodSeconds: 1 }, { ...base, terminationGracePeriodSeconds: -1 })).toEqual([]));

  it('may bring nothing else, and says what it was', () =>
    expect(errorsOf({ hostNetwork: true, containers: [{ name: 'a', image: 'i:2', command: ['sh'] }] })).toEqual([
      'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\nchanged: spec.containers[0].command, spec.hostNetwork',
    ]));

  it.each<[string, Partial<PodSpec>]>([
    ['spec.containers: Forbidden: pod updates may not add or remove containers', { containers: [] }],
    ['spec.initContainers: Forbidden: pod updates may not add or remove containers', { initContainers: [] }],
    [
      'spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds',
      { tolerations: [] },
    ],
    [
      'spec.activeDeadlineSeconds: Invalid value: 101: must be less than or equal to previous value',
      { activeDeadlineSeconds: 101 },
    ],
  ])('is refused: %s', (text, change) => expect(errorsOf(change)).toEqual([text]));

  it('may not move the pod', () => {
    expect(errorsOf({ nodeName: 'b' }, { ...base, nodeName: 'a' }, 'binding')).not.toEqual([]);
    expect(errorsOf({ nodeName: 'a' })).not.toEqual([]);
  });

  it('through binding gives a pod its node', () => expect(errorsOf({ nodeName: 'a' }, base, 'binding')).toEqual([]));

  it('tells at most twenty fields', () => {
    const env = Array.from({ length: 1000 }, (_, n) => ({ name: `V${n}`, value: '1' }));
    const changed = env.map((variable) => ({ ...variable, value: '2' }));
    const [text = ''] = errorsOf({ containers: [{ name: 'a', env: changed }] }, { containers: [{ name: 'a', env }] });
    expect(text.match(/spec\.containers\[0\]\.env/g)).toHaveLength(20);
  });

  it('shows whatever somebody else made of a container', () => {
    const metadata = { annotations: { [foreignAnnotation]: 'x' } };
    expect(pods.validateUpdate({ metadata, spec: { containers: [] } }, { metadata, spec: base })).toEqual([]);
  });
});

describe('the grace of a pod', () => {
  const grace = (requested?: number, pod: Partial<Pod> = {}) =>
    pods.deletionGrace(
      { spec: { containers: [], nodeName: 'n', terminationGracePeriodSeconds: 7 }, ...pod },
      requested,
    );

  it('is what the request says, else what the pod says, else 30 s', () => {
    expect(grace(3)).toBe(3);
    expect(grace(0)).toBe(0);
    expect(grace()).toBe(7);
    expect(grace(undefined, { spec: { containers: [], nodeName: 'n' } })).toBe(30);
  });
  it.each(['Succeeded', 'Failed'])('is none when it has %s', (phase) =>
    expect(grace(30, { status: { phase } })).toBe(0),
  );
  it('is none when it has no node', () => expect(grace(30, { spec: { containers: [] } })).toBe(0));
  it('is a second when it is negative', () => expect(grace(-5)).toBe(1));
  it('ends some day', () => expect(grace(Number.MAX_SAFE_INTEGER)).toBe(2 ** 31 - 1));
});
