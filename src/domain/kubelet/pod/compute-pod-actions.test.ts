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

const calm: PlanContext = {
  engineBacksOff: true,
  now: 0,
  heldUntil: () => undefined,
  isHeld: () => false,
  restartedByEngine: () => true,
  isStarted: () => true,
  givenTo: () => undefined,
  mustEnd: false,
};
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
    const sandbox = {
      id: 's',
      name: 'web',
      labels: {},
      state: 'ready' as const,
      createdAt: new Date(0),
      addresses: [],
    };
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

  it('what somebody started between two crashes is not stopped', () => {
    const waiting = { ...rawEngine, heldUntil: () => 5000, restartedByEngine: () => false };
    expect(computePodActions(podOf({}), observe(observedContainer('web', running)), waiting).actions).toEqual([]);
  });

  it('a run that was told is not held: it counts', () => {
    const waiting = { ...rawEngine, heldUntil: () => 5000 };
    const seen = observe(observedContainer('web', running, { restartCount: 2 }));
    const told = (restartCount: number) =>
      podOf({}, { containerStatuses: [{ name: 'web', image: '', imageID: '', ready: true, restartCount }] });
    expect(verbs(told(1), seen, waiting)).toEqual(['holdContainer web']);
    expect(verbs(told(2), seen, waiting)).toEqual([]);
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
    expect(verbs(pod, observe(observedContainer('web', running)))).toEqual(['endPod']);
    expect(verbs(pod, observe(observedContainer('web', exited(1))))).toEqual([]);
  });

  it('tries a container that could not be started again, when its time comes', () => {
    const found = observedContainer('web', { kind: 'created' });
    expect(verbs(podOf({}), observe(found))).toEqual(['startContainer web']);
    expect(verbs(podOf({}), observe(found), { ...calm, heldUntil: () => 1 })).toEqual([]);
  });
});

describe('sidecars', () => {
  const sandbox = { id: 's', name: 'web', labels: {}, state: 'ready' as const, createdAt: new Date(0), addresses: [] };
  const pod = podOf({
    restartPolicy: 'Never',
    initContainers: [
      { ...container('log'), restartPolicy: 'Always' },
      container('init'),
      { ...container('proxy'), restartPolicy: 'Always' },
    ],
  });
  const seen = (...containers: ContainerStatus[]): ObservedPod => ({ sandbox, containers });
  const upTo = (name: string) => {
    const all = [
      observedContainer('log', running),
      observedContainer('init', exited(0)),
      observedContainer('proxy', running),
      observedContainer('web', running),
    ];
    return seen(...all.slice(0, all.findIndex((c) => c.name === name) + 1));
  };

  it('need a sandbox', () => {
    expect(verbs(pod, observe())).toEqual(['runSandbox']);
  });

  it('are started in order among the init containers, each when the one before has started', () => {
    expect(verbs(pod, seen())).toEqual(['createContainer log']);
    expect(verbs(pod, upTo('log'), { ...calm, isStarted: () => false })).toEqual([]);
    expect(verbs(pod, upTo('log'))).toEqual(['createContainer init']);
    expect(verbs(pod, upTo('init'))).toEqual(['createContainer proxy']);
    expect(verbs(pod, upTo('proxy'), { ...calm, isStarted: (name) => name !== 'proxy' })).toEqual([]);
    expect(verbs(pod, upTo('proxy'))).toEqual(['createContainer web']);
    expect(verbs(pod, upTo('web'))).toEqual([]);
  });

  it('are started again whatever the pod’s policy is, also while init containers run', () => {
    const held = { ...calm, isHeld: () => true };
    const ended = observedContainer('log', exited(0));
    expect(verbs(pod, seen(ended), held)).toEqual(['startContainer log']);
    expect(verbs(pod, seen(...upTo('web').containers.slice(1), ended), held)).toEqual(['startContainer log']);
    expect(verbs(pod, seen(...upTo('web').containers.slice(1)))).toEqual(['createContainer log']);
  });

  it('do not keep a pod alive', () => {
    const over = seen(...upTo('proxy').containers, observedContainer('web', exited(0)));
    expect(verbs(pod, over)).toEqual(['endPod']);
    const all = over.containers.map((c) => ({ ...c, state: exited(0) }));
    expect(verbs(pod, { sandbox: { ...sandbox, state: 'notready' }, containers: all })).toEqual([]);
  });

  it('let a pod fail whose init container failed for good', () => {
    expect(verbs(pod, seen(observedContainer('log', running), observedContainer('init', exited(1))))).toEqual([
      'endPod',
    ]);
  });
});

describe('ephemeral containers', () => {
  const pod = podOf({ ephemeralContainers: [container('debug')] });
  it('join what runs, once', () => {
    const web = observedContainer('web', running);
    expect(verbs(pod, observe(web))).toEqual(['createContainer debug']);
    expect(verbs(pod, observe(web, observedContainer('debug', exited(1))))).toEqual([]);
    const gone = { name: 'debug', image: '', imageID: '', ready: false, restartCount: 0, containerID: 'docker://1' };
    expect(verbs({ ...pod, status: { phase: 'Running', ephemeralContainerStatuses: [gone] } }, observe(web))).toEqual(
      [],
    );
  });
  it('wait for something to join', () => {
    expect(verbs(pod, observe())).toEqual(['createContainer web']);
  });
});

it('ends a pod whose time is over', () => {
  expect(verbs(podOf({}), observe(observedContainer('web', running)), { ...calm, mustEnd: true })).toEqual(['endPod']);
});
