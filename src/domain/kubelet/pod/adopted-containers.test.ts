import { describe, expect, it } from 'vitest';
import type { Pod } from '../../meta/types.ts';
import { adoptedAnnotation, type Adopted } from '../../resources/adopted-pod.ts';
import { adoptedSandbox, asOwn } from './adopted-containers.ts';
import { computePodActions, type PlanContext } from './compute-pod-actions.ts';
import { exited, observedContainer, running } from './observed-fixture.ts';

const adopted: Adopted = {
  network: 'id-a',
  containers: { a: { id: 'id-a', resources: {} }, b: { id: 'id-b', resources: {} } },
};
const pod: Pod = {
  metadata: {
    name: 'p',
    namespace: 'default',
    uid: 'u',
    annotations: { [adoptedAnnotation]: JSON.stringify(adopted) },
  },
  spec: {
    containers: [
      { name: 'a', image: 'busybox:1' },
      { name: 'b', image: 'busybox:1' },
    ],
  },
};
const found = (name: string, state = running, restart: 'no' | 'always' = 'always') => {
  const container = observedContainer(name, state, { labels: { theirs: 'x' } });
  return asOwn(pod, { ...container, config: { ...container.config, restart } });
};
const context: PlanContext = {
  engineBacksOff: true,
  now: 0,
  heldUntil: () => undefined,
  isHeld: () => false,
  restartedByEngine: () => false,
  isStarted: () => true,
  givenTo: () => undefined,
  mustEnd: false,
};
const plan = (spec: Pod, containers: ReturnType<typeof found>[]) => {
  const sandbox = adoptedSandbox(pod, containers);
  return computePodActions(spec, { containers, ...(sandbox ? { sandbox } : {}) }, context).actions;
};

describe('adopted containers', () => {
  it('are as the pod wants them', () => expect(plan(pod, [found('a'), found('b')])).toEqual([]));

  it('are replaced, one by one, when the image changes', () => {
    const spec = {
      containers: [
        { name: 'a', image: 'busybox:1' },
        { name: 'b', image: 'busybox:2' },
      ],
    };
    expect(plan({ ...pod, spec }, [found('a'), found('b')])).toMatchObject([
      { do: 'createContainer', replaces: 'id-b' },
    ]);
  });

  it('that somebody removes are made anew in the network of the others', () =>
    expect(plan(pod, [found('a')])).toMatchObject([{ do: 'createContainer', container: { name: 'b' } }]));

  it('go all together when the one whose network they share is gone', () =>
    expect(plan(pod, [found('b')])).toMatchObject([{ do: 'removeSandbox', id: 'id-a' }, { do: 'runSandbox' }]));

  it.each([
    ['by itself', 1, [{ do: 'startContainer', id: 'id-b' }]],
    ['by somebody’s hand', 143, []],
  ])('without a policy of the engine, ended %s', (_, code, actions) =>
    expect(plan(pod, [found('a'), found('b', exited(code), 'no')])).toMatchObject(actions),
  );

  it('others are not touched', () => {
    const other = observedContainer('c', running, { id: 'other' });
    expect(asOwn(pod, other)).toBe(other);
  });
});
