import { describe, expect, it } from 'vitest';
import type { ContainerState, ContainerStatus } from '../../container-runtime/container.ts';
import type { Container, Pod } from '../../meta/types.ts';
import { computePodActions, type PlanContext } from './compute-pod-actions.ts';
import type { ObservedPod } from './observed-pod.ts';
import { exited, observedContainer, running } from './observed-fixture.ts';

const container = (name: string, image = 'busybox:1'): Container => ({ name, image });

const podOf = (spec: Partial<NonNullable<Pod['spec']>>, status: Pod['status'] = { phase: 'Running' }): Pod => ({
  metadata: { name: 'web', namespace: 'default', uid: 'u1' },
  spec: { containers: [container('web')], restartPolicy: 'Always', ...spec },
  status,
});

const observe = (...containers: ContainerStatus[]): ObservedPod => ({ containers });

const calm: PlanContext = { engineBacksOff: true, now: 0, heldUntil: () => undefined, isHeld: () => false };
const rawEngine: PlanContext = { ...calm, engineBacksOff: false };

const verbs = (pod: Pod, observed: ObservedPod, context: PlanContext = calm): string[] =>
  computePodActions(pod, observed, context).actions.map((a) =>
    'container' in a ? `${a.do} ${a.container.name}` : a.do,
  );

describe('computePodActions', () => {
  it('makes the one container of a pod without a sandbox', () => {
    expect(verbs(podOf({}), observe())).toEqual(['createContainer web']);
  });

  it('runs a sandbox first when containers run side by side', () => {
    const pod = podOf({ containers: [container('a'), container('b')] });
    expect(verbs(pod, observe())).toEqual(['runSandbox']);
    const sandbox = { id: 's', name: 'web', labels: {}, state: 'ready' as const, createdAt: new Date(0) };
    expect(verbs(pod, { sandbox, containers: [] })).toEqual(['createContainer a', 'createContainer b']);
    expect(verbs(pod, { sandbox: { ...sandbox, state: 'notready' }, containers: [] })).toEqual([
      'removeSandbox',
      'runSandbox',
    ]);
  });

  it('runs init containers one after the other, then the others', () => {
    const pod = podOf({ initContainers: [container('i1'), container('i2')] });
    expect(verbs(pod, observe())).toEqual(['createContainer i1']);
    expect(verbs(pod, observe(observedContainer('i1', running)))).toEqual([]);
    expect(verbs(pod, observe(observedContainer('i1', exited(0))))).toEqual(['createContainer i2']);
    const both = observe(observedContainer('i1', exited(0)), observedContainer('i2', exited(0)));
    expect(verbs(pod, both)).toEqual(['createContainer web']);
  });

  it('never runs init containers again once a main container exists', () => {
    const pod = podOf({ initContainers: [container('i1')] });
    expect(verbs(pod, observe(observedContainer('web', running)))).toEqual([]);
  });

  it('leaves a container that somebody stopped alone', () => {
    expect(verbs(podOf({}), observe(observedContainer('web', exited(137))))).toEqual([]);
    expect(verbs(podOf({}), observe(observedContainer('web', exited(137))), rawEngine)).toEqual([]);
  });

  it('starts again what it held itself, and what was crashing when k2d went away', () => {
    const held = { ...rawEngine, isHeld: () => true };
    expect(verbs(podOf({}), observe(observedContainer('web', exited(1))), held)).toEqual(['startContainer web']);
    const crashing = observedContainer('web', exited(1, 1), { restartCount: 7 });
    expect(verbs(podOf({}), observe(crashing), rawEngine)).toEqual(['startContainer web']);
  });

  it('holds a crash loop on an engine without back-off, until its time', () => {
    const waiting = { ...rawEngine, heldUntil: () => 5000 };
    const plan = computePodActions(podOf({}), observe(observedContainer('web', running)), waiting);
    expect(plan.actions.map((a) => a.do)).toEqual(['holdContainer']);
    expect(plan.wakeAt).toBe(5000);
    const heldNow = { ...waiting, isHeld: () => true };
    expect(computePodActions(podOf({}), observe(observedContainer('web', exited(1))), heldNow)).toEqual({
      actions: [],
      wakeAt: 5000,
    });
  });

  it('lets an engine with back-off do its own restarts', () => {
    const state: ContainerState = { kind: 'restarting', exit: { code: 1, oomKilled: false, error: '' } };
    expect(verbs(podOf({}), observe(observedContainer('web', state)), { ...calm, heldUntil: () => 5000 })).toEqual([]);
  });

  it.each([
    ['Never', 0],
    ['Never', 1],
    ['OnFailure', 0],
  ])('restartPolicy %s does not restart exit code %i', (restartPolicy, code) => {
    const found = observedContainer('web', exited(code, 1), { restartCount: 3 });
    expect(verbs(podOf({ restartPolicy }), observe(found), rawEngine)).toEqual([]);
  });

  it('replaces a container whose image changed, counting on', () => {
    const pod = podOf({ containers: [container('web', 'busybox:2')] });
    const plan = computePodActions(pod, observe(observedContainer('web', running, { restartCount: 2 })), calm);
    expect(plan.actions).toMatchObject([{ do: 'createContainer', attempt: 3, replaces: 'id-web' }]);
  });

  it('stops what still runs of a pod that has ended, and nothing else', () => {
    const pod = podOf({}, { phase: 'Failed' });
    expect(verbs(pod, observe(observedContainer('web', running)))).toEqual(['stopContainer web']);
    expect(verbs(pod, observe(observedContainer('web', exited(1))))).toEqual([]);
  });

  it('tries a container that could not be started again, when its time comes', () => {
    const found = observedContainer('web', { kind: 'created' });
    expect(verbs(podOf({}), observe(found))).toEqual(['startContainer web']);
    expect(verbs(podOf({}), observe(found), { ...calm, heldUntil: () => 1 })).toEqual([]);
  });
});
