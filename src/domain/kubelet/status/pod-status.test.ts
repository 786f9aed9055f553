import { describe, expect, it } from 'vitest';
import type { ContainerStatus } from '../../container-runtime/container.ts';
import type { Pod } from '../../meta/types.ts';
import { exited, observedContainer, running } from '../pod/observed-fixture.ts';
import { podStatus } from './pod-status.ts';
import type { StatusContext } from './status-context.ts';

const podOf = (spec: Partial<NonNullable<Pod['spec']>> = {}, status: Pod['status'] = {}): Pod => ({
  metadata: { name: 'web', namespace: 'plant', uid: 'u1', generation: 2 },
  spec: { containers: [{ name: 'c', image: 'busybox:1' }], restartPolicy: 'Always', ...spec },
  status,
});

const calm: StatusContext = {
  now: new Date('2026-01-01T00:00:00Z'),
  engine: 'docker',
  engineBacksOff: true,
  reportsOomKilled: true,
  isHeld: () => false,
  restartedByEngine: () => true,
  hostIp: '192.0.2.1',
  imageRef: ({ imageId }) => imageId,
  podIp: '10.42.0.2',
  waiting: new Map(),
  lastExits: new Map(),
  lastWords: () => undefined,
  givenTo: () => undefined,
  resizes: new Map(),
  probes: { ready: () => true, started: () => true },
};

const statusOf = (pod: Pod, containers: ContainerStatus[], context: Partial<StatusContext> = {}) =>
  podStatus(pod, { containers }, { ...calm, ...context });

const isReady = (status: ReturnType<typeof podStatus>) =>
  status.conditions?.find(({ type }) => type === 'Ready')?.status;

describe('podStatus', () => {
  it('shows a pod that nothing was made of yet', () => {
    const status = statusOf(podOf(), []);
    expect(status.phase).toBe('Pending');
    expect(status.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: 'ContainerCreating' } });
    expect(isReady(status)).toBe('False');
  });

  it('shows no containers of a pod that was refused, for clients would show what they wait for', () => {
    const failure = {
      phase: 'Failed' as const,
      reason: 'SysctlForbidden',
      message: 'Pod was rejected: forbidden sysctl',
    };
    const status = statusOf(podOf({ initContainers: [{ name: 'i', image: 'busybox:1' }] }), [], { failure });
    expect(status).toMatchObject({ ...failure, containerStatuses: [] });
    expect(status.initContainerStatuses).toBeUndefined();
    expect(statusOf(podOf({}, status), [])).toEqual(status);
  });

  it('has failed when it is deleted before anything ran', () => {
    const going = podOf();
    going.metadata!.deletionTimestamp = '2026-01-01T00:00:00Z';
    expect(statusOf(going, []).phase).toBe('Failed');
    expect(statusOf(going, [observedContainer('c', running)]).phase).toBe('Running');
  });

  it('shows why a container waits', () => {
    const waiting = new Map([['c', { reason: 'ErrImagePull', message: 'no such tag' }]]);
    expect(statusOf(podOf(), [], { waiting }).containerStatuses?.[0]?.state?.waiting).toEqual({
      reason: 'ErrImagePull',
      message: 'no such tag',
    });
  });

  it('is ready when its container runs and its probes say so', () => {
    const containers = [observedContainer('c', running, { restartCount: 2 })];
    const status = statusOf(podOf(), containers);
    expect([status.phase, isReady(status), status.podIP]).toEqual(['Running', 'True', '10.42.0.2']);
    expect(status.containerStatuses?.[0]).toMatchObject({ ready: true, restartCount: 2, containerID: 'docker://id-c' });
    const unready = statusOf(podOf(), containers, { probes: { ready: () => false, started: () => true } });
    expect([unready.phase, isReady(unready)]).toEqual(['Running', 'False']);
  });

  it('keeps the time of a condition that did not change', () => {
    const first = statusOf(podOf(), [observedContainer('c', running)]);
    const later = statusOf(podOf({}, first), [observedContainer('c', running)], {
      now: new Date('2026-01-02T00:00:00Z'),
    });
    expect(later.conditions).toEqual(first.conditions);
  });

  it('waits for init containers', () => {
    const pod = podOf({ initContainers: [{ name: 'i', image: 'busybox:1' }] });
    const status = statusOf(pod, [observedContainer('i', running)]);
    expect(status.phase).toBe('Pending');
    expect(status.containerStatuses?.[0]?.state?.waiting?.reason).toBe('PodInitializing');
    expect(
      statusOf({ ...pod, spec: { ...pod.spec!, restartPolicy: 'Never' } }, [observedContainer('i', exited(1))]).phase,
    ).toBe('Failed');
  });

  it.each([
    ['Never', 0, 'Succeeded', 'Completed'],
    ['Never', 3, 'Failed', 'Error'],
    ['OnFailure', 0, 'Succeeded', 'Completed'],
  ])('%s with exit code %i is %s', (restartPolicy, code, phase, reason) => {
    const status = statusOf(podOf({ restartPolicy }), [observedContainer('c', exited(code))]);
    expect(status.phase).toBe(phase);
    expect(status.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: code, reason });
  });

  it('shows the engine’s pause between restarts as CrashLoopBackOff, with how the last run ended', () => {
    const exit = { code: 3, oomKilled: false, error: '', finishedAt: new Date(0) };
    const status = statusOf(podOf(), [observedContainer('c', { kind: 'restarting', exit })], {
      lastExits: new Map([['c', exit]]),
    });
    expect(status.phase).toBe('Running');
    expect(status.containerStatuses?.[0]?.state?.waiting?.reason).toBe('CrashLoopBackOff');
    expect(status.containerStatuses?.[0]?.lastState?.terminated?.exitCode).toBe(3);
  });

  it('says Stopped of what somebody stopped on the engine', () => {
    const state = statusOf(podOf(), [observedContainer('c', exited(137))]).containerStatuses?.[0]?.state;
    expect(state?.terminated?.reason).toBe('Stopped');
  });

  it('tells a kill for memory where the engine says so, and concludes it where it cannot', () => {
    const pod = podOf({ restartPolicy: 'Never' });
    const killed = observedContainer('c', exited(137));
    const limited = { ...killed, config: { ...killed.config, resources: { memoryBytes: 1 } } };
    const reasonOf = (container: ContainerStatus, reportsOomKilled: boolean) =>
      statusOf(pod, [container], { reportsOomKilled }).containerStatuses?.[0]?.state?.terminated?.reason;
    expect(reasonOf(limited, false)).toBe('OOMKilled');
    expect(reasonOf(limited, true)).toBe('Error');
    expect(reasonOf(killed, false)).toBe('Error');
  });

  it('fails for a reason of its own', () => {
    const failure = { phase: 'Failed' as const, reason: 'DeadlineExceeded', message: 'too long' };
    expect(statusOf(podOf(), [observedContainer('c', exited(137))], { failure })).toMatchObject(failure);
    const ending = statusOf(podOf(), [observedContainer('c', running)], { failure });
    expect([ending.phase, ending.reason]).toEqual(['Running', undefined]);
  });
});

describe('a pod that has ended', () => {
  const policy = { restartPolicy: 'Never' };

  it('is told so when its sidecars have ended too', () => {
    const pod = podOf({ ...policy, initContainers: [{ name: 's', image: 'busybox:1', restartPolicy: 'Always' }] });
    const main = observedContainer('c', exited(0));
    expect(statusOf(pod, [observedContainer('s', running), main]).phase).toBe('Running');
    expect(statusOf(pod, [observedContainer('s', exited(137)), main]).phase).toBe('Succeeded');
  });

  it('stays what it was when its containers are gone', () => {
    const status = statusOf(podOf(policy), [observedContainer('c', exited(0))]);
    expect(statusOf(podOf(policy, status), [])).toEqual(status);
  });
});

it('takes an init container that somebody removed for done when a main container exists', () => {
  const pod = podOf({ initContainers: [{ name: 'i', image: 'busybox:1' }] });
  const status = statusOf(pod, [observedContainer('c', running)]);
  expect([status.phase, isReady(status)]).toEqual(['Running', 'True']);
  expect(status.initContainerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
});

it('is ready when its sidecars are, too', () => {
  const pod = podOf({ initContainers: [{ name: 's', image: 'busybox:1', restartPolicy: 'Always' }] });
  const seen = [observedContainer('s', running), observedContainer('c', running)];
  expect(isReady(statusOf(pod, seen))).toBe('True');
  const unready = statusOf(pod, seen, { probes: { ready: (name) => name !== 's', started: () => true } });
  expect(unready.conditions?.find(({ type }) => type === 'Ready')?.message).toBe('containers with unready status: [s]');
});

it('waits for its readiness gates', () => {
  const pod = podOf({ readinessGates: [{ conditionType: 'plant/approved' }] });
  const ready = (type: string, gate?: string) => {
    const conditions = gate === undefined ? [] : [{ type: 'plant/approved', status: gate }];
    const status = statusOf({ ...pod, status: { conditions } }, [observedContainer('c', running)]);
    return status.conditions?.find((c) => c.type === type);
  };
  expect(ready('Ready')).toMatchObject({
    status: 'False',
    reason: 'ReadinessGatesNotReady',
    message: 'corresponding condition of pod readiness gate "plant/approved" does not exist.',
  });
  expect(ready('Ready', 'False')?.message).toBe(
    'the status of pod readiness gate "plant/approved" is not "True", but False',
  );
  expect([ready('Ready', 'True')?.status, ready('ContainersReady', 'False')?.status]).toEqual(['True', 'True']);
});

it('shows what containers left as their last words, all together within 12 KiB', () => {
  const pod = podOf({
    restartPolicy: 'Never',
    containers: ['a', 'b', 'c', 'd'].map((name) => ({ name, image: 'busybox:1' })),
  });
  const ended = ['a', 'b', 'c', 'd'].map((name) => observedContainer(name, exited(0)));
  const status = statusOf(pod, ended, { lastWords: () => 'x'.repeat(4096) });
  expect(status.containerStatuses?.map((s) => s.state?.terminated?.message?.length)).toEqual([3072, 3072, 3072, 3072]);
});
