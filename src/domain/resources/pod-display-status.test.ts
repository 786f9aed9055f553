import { describe, expect, it } from 'vitest';
import type { ContainerStatus, Pod, PodStatus } from '../meta/types.ts';
import { podColumns, podRowConditions } from './pod-columns.ts';

const now = new Date('2026-01-02T00:05:00Z');

type State = NonNullable<ContainerStatus['state']>;

const container = (state: State, rest: Partial<ContainerStatus> = {}): ContainerStatus => ({
  name: 'a',
  image: 'i',
  imageID: '',
  ready: false,
  restartCount: 0,
  state,
  ...rest,
});
const running = (rest: Partial<ContainerStatus> = {}) => container({ running: {} }, { ready: true, ...rest });
const ended = (terminated: State['terminated'] & object, rest?: Partial<ContainerStatus>) =>
  container({ terminated }, rest);
const waiting = (reason: string) => container({ waiting: { reason } });
const restarted = (restartCount: number, finishedAt: string) => ({
  restartCount,
  lastState: { terminated: { exitCode: 1, finishedAt } },
});

const podWith = (
  status: PodStatus,
  rest: Pod['metadata'] = {},
  initContainers: { name: string; restartPolicy?: string }[] = [],
): Pod => ({
  metadata: { name: 'p', creationTimestamp: '2026-01-02T00:00:00Z', ...rest },
  spec: { containers: [{ name: 'a' }, { name: 'b' }], initContainers },
  status,
});

const show = (pod: Pod) =>
  Object.fromEntries(podColumns.map((column) => [column.name, column.cell(pod, now)])) as Record<string, string>;

const ready = { conditions: [{ type: 'Ready', status: 'True' }] };

describe('the status of a pod', () => {
  it.each<[string, string, PodStatus]>([
    ['Pending', '0/2', { phase: 'Pending' }],
    ['Evicted', '0/2', { phase: 'Failed', reason: 'Evicted' }],
    [
      'SchedulingGated',
      '0/2',
      { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] },
    ],
    ['Running', '2/2', { phase: 'Running', containerStatuses: [running(), running()] }],
    ['Running', '1/2', { phase: 'Running', containerStatuses: [running(), running({ ready: false })] }],
    [
      'ContainerCreating',
      '0/2',
      { phase: 'Pending', containerStatuses: [waiting('ContainerCreating'), waiting('ContainerCreating')] },
    ],
    ['ImagePullBackOff', '1/2', { phase: 'Pending', containerStatuses: [running(), waiting('ImagePullBackOff')] }],
    [
      'ErrImagePull',
      '0/2',
      { phase: 'Pending', containerStatuses: [waiting('ErrImagePull'), waiting('CrashLoopBackOff')] },
    ],
    ['OOMKilled', '0/2', { phase: 'Failed', containerStatuses: [ended({ exitCode: 137, reason: 'OOMKilled' })] }],
    ['ExitCode:3', '0/2', { phase: 'Failed', containerStatuses: [ended({ exitCode: 3 })] }],
    ['Signal:9', '0/2', { phase: 'Failed', containerStatuses: [ended({ exitCode: 137, signal: 9 })] }],
    ['Completed', '0/2', { phase: 'Succeeded', containerStatuses: [ended({ exitCode: 0, reason: 'Completed' })] }],
    [
      'NotReady',
      '1/2',
      { phase: 'Running', containerStatuses: [ended({ exitCode: 0, reason: 'Completed' }), running()] },
    ],
    [
      'Running',
      '1/2',
      { phase: 'Running', ...ready, containerStatuses: [ended({ exitCode: 0, reason: 'Completed' }), running()] },
    ],
  ])('is %s, %s', (status, count, given) =>
    expect(show(podWith(given))).toMatchObject({ Status: status, Ready: count }),
  );

  it.each<[string, ContainerStatus[]]>([
    ['Init:0/2', [container({ running: {} })]],
    ['Init:1/2', [ended({ exitCode: 0, reason: 'Completed' }), waiting('PodInitializing')]],
    ['Init:ImagePullBackOff', [waiting('ImagePullBackOff')]],
    ['Init:Error', [ended({ exitCode: 1, reason: 'Error' })]],
    ['Init:ExitCode:1', [ended({ exitCode: 1 })]],
    ['Init:Signal:15', [ended({ exitCode: 143, signal: 15 })]],
  ])('is %s while init containers run', (status, initContainerStatuses) => {
    const inits = [{ name: 'i' }, { name: 'j' }];
    const containerStatuses = [waiting('PodInitializing'), waiting('PodInitializing')];
    expect(show(podWith({ phase: 'Pending', initContainerStatuses, containerStatuses }, {}, inits))).toMatchObject({
      Status: status,
      Ready: '0/2',
    });
  });

  it('is that of the containers once init is done, even when an init container runs anew', () => {
    const status = {
      phase: 'Running',
      conditions: [{ type: 'Initialized', status: 'True' }],
      initContainerStatuses: [container({ running: {} })],
      containerStatuses: [running(), waiting('CrashLoopBackOff')],
    };
    expect(show(podWith(status, {}, [{ name: 'a' }]))).toMatchObject({ Status: 'CrashLoopBackOff', Ready: '1/2' });
  });

  it('counts sidecars', () => {
    const initContainerStatuses = [running({ name: 's', started: true, ...restarted(2, '2026-01-02T00:04:00Z') })];
    const status = { phase: 'Running', initContainerStatuses, containerStatuses: [running(), running()] };
    expect(show(podWith(status, {}, [{ name: 's', restartPolicy: 'Always' }]))).toMatchObject({
      Status: 'Running',
      Ready: '3/3',
      Restarts: '2 (60s ago)',
    });
  });

  it.each([
    ['Terminating', { phase: 'Running', containerStatuses: [running(), running()] }],
    ['Completed', { phase: 'Succeeded', containerStatuses: [ended({ exitCode: 0, reason: 'Completed' })] }],
    ['Unknown', { phase: 'Running', reason: 'NodeLost' }],
  ])('is %s after a delete', (text, status) =>
    expect(show(podWith(status, { deletionTimestamp: '2026-01-02T00:04:00Z' }))).toMatchObject({ Status: text }),
  );
});

describe('restarts of a pod', () => {
  it.each<[string, ContainerStatus[]]>([
    ['0', [running()]],
    ['3', [running({ restartCount: 3 })]],
    ['3 (4m ago)', [running(restarted(3, '2026-01-02T00:01:00Z'))]],
    ['5 (3m ago)', [running(restarted(3, '2026-01-02T00:02:00Z')), running(restarted(2, '2026-01-02T00:01:00Z'))]],
  ])('are %s', (text, containerStatuses) =>
    expect(show(podWith({ phase: 'Running', containerStatuses }))).toMatchObject({ Restarts: text }),
  );

  it('are those of init containers while they run', () => {
    const initContainerStatuses = [container({ waiting: { reason: 'CrashLoopBackOff' } }, { restartCount: 4 })];
    expect(show(podWith({ phase: 'Pending', initContainerStatuses }, {}, [{ name: 'a' }]))).toMatchObject({
      Status: 'Init:CrashLoopBackOff',
      Restarts: '4',
    });
  });
});

describe('what -o wide adds to a pod', () => {
  it('is where it is', () => {
    const pod = podWith({ podIPs: [{ ip: '10.42.0.7' }] });
    expect(show({ ...pod, spec: { ...pod.spec!, nodeName: 'panel-7' } })).toMatchObject({
      Age: '5m',
      IP: '10.42.0.7',
      Node: 'panel-7',
      'Nominated Node': '<none>',
      'Readiness Gates': '<none>',
    });
  });
  it('says none where it is nowhere', () => expect(show(podWith({}))).toMatchObject({ IP: '<none>', Node: '<none>' }));
  it('counts readiness gates', () => {
    const pod = podWith({ conditions: [{ type: 'plc', status: 'True' }] });
    const readinessGates = [{ conditionType: 'plc' }, { conditionType: 'hmi' }];
    expect(show({ ...pod, spec: { ...pod.spec!, readinessGates } })).toMatchObject({ 'Readiness Gates': '1/2' });
  });
});

describe('the row of a pod', () => {
  it.each(['Succeeded', 'Failed'])('says that it ended when it %s', (phase) =>
    expect(podRowConditions(podWith({ phase }))).toMatchObject([{ type: 'Completed', status: 'True', reason: phase }]),
  );
  it('says nothing while it runs', () => expect(podRowConditions(podWith({ phase: 'Running' }))).toEqual([]));
});
