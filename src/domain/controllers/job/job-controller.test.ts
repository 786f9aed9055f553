import { describe, expect, test, vi } from 'vitest';
import { metaOf } from '../../meta/object-key.ts';
import type { Job, JobSpec, Pod } from '../../meta/types.ts';
import { hasIndex, parseIntervals } from '../../resources/index-intervals.ts';
import { jobs } from '../../resources/job.ts';
import { pods } from '../../resources/pod.ts';
import { startFakeKubelet, type PodOutcome } from '../fake-kubelet.ts';
import { isPodActive } from '../pod-lifecycle.ts';
import { quiet, settles, testCluster } from '../test-cluster.ts';
import { startJobController } from './job-controller.ts';
import { indexOf, isTracked } from './job-pods.ts';
import { startJobTrackingController } from './job-tracking-controller.ts';
import { startTtlAfterFinishedController } from './ttl-after-finished-controller.ts';

const key = { namespace: 'default', name: 'batch' };

const template = (restartPolicy = 'Never'): JobSpec['template'] => ({
  spec: { restartPolicy, containers: [{ name: 'main', image: 'work:1' }] },
});

const job = (spec: Partial<JobSpec> = {}): Job => ({
  metadata: { name: 'batch', namespace: 'default' },
  spec: { template: template(), ...spec },
});

async function setUp(outcome: (pod: Pod) => PodOutcome = () => 'succeeded') {
  const cluster = await testCluster();
  let held = false;
  void startJobController(cluster);
  void startJobTrackingController(cluster);
  void startTtlAfterFinishedController(cluster);
  void startFakeKubelet({ ...cluster, outcome, mayGo: () => !held });
  const { registry } = cluster;
  let mostActive = 0;
  registry.subscribe(pods, () => (mostActive = Math.max(mostActive, active().length)));
  const all = () => registry.all(pods, 'default');
  const active = () => all().filter(isPodActive);
  const status = () => registry.get(jobs, key).status ?? {};
  const conditions = () => (status().conditions ?? []).filter((c) => c.status === 'True').map((c) => c.type);
  const change = (spec: Partial<JobSpec>) =>
    registry.update(jobs, key, (current) => ({ ...current, spec: { ...current.spec!, ...spec } }));
  return {
    ...cluster,
    all,
    active,
    status,
    conditions,
    change,
    mostActive: () => mostActive,
    holdPods: (hold: boolean) => (held = hold),
    create: (spec: Partial<JobSpec> = {}) => registry.create(jobs, job(spec)),
  };
}

type World = Awaited<ReturnType<typeof setUp>>;

/** Back-off passes as soon as somebody waits for it. */
async function passingTime(world: World, assertion: () => void): Promise<void> {
  await vi.waitFor(
    async () => {
      await quiet(world);
      world.pass(600_000);
      await world.registry.update(jobs, key, (current) => ({
        ...current,
        metadata: { ...metaOf(current), annotations: { at: String(world.clock.now().getTime()) } },
      }));
      await quiet(world);
      assertion();
    },
    { interval: 1 },
  );
}

test('runs as many pods as have to succeed, never more at a time than allowed', async () => {
  const { create, status, conditions, all, mostActive, messages } = await setUp();
  await create({ completions: 7, parallelism: 3 });
  await settles(() => expect(conditions()).toEqual(['SuccessCriteriaMet', 'Complete']));
  expect(status()).toMatchObject({ active: 0, ready: 0, terminating: 0, succeeded: 7, failed: 0 });
  expect(status().uncountedTerminatedPods).toEqual({});
  expect(status().conditions?.[1]).toMatchObject({
    reason: 'CompletionsReached',
    message: 'Reached expected number of succeeded pods',
  });
  expect(status()).toMatchObject({ startTime: expect.any(String), completionTime: expect.any(String) });
  expect(all()).toHaveLength(7);
  expect(all().filter(isTracked)).toEqual([]);
  expect(mostActive()).toBeLessThanOrEqual(3);
  expect(metaOf(all()[0]!)).toMatchObject({
    name: expect.stringMatching(/^batch-[a-z0-9]{5}$/),
    labels: { 'batch.kubernetes.io/job-name': 'batch', 'job-name': 'batch' },
    ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'batch', controller: true }],
  });
  await settles(() => expect(messages('Completed')).toEqual(['Job completed']));
});

test('without a number of completions it is done when one has succeeded and all have ended', async () => {
  const ended = new Set<string>();
  const { create, conditions, status, all, registry } = await setUp((pod) =>
    ended.has(metaOf(pod).name!) ? 'succeeded' : 'ready',
  );
  await create({ parallelism: 3 });
  await settles(() => expect(status()).toMatchObject({ active: 3, ready: 3 }));
  for (const pod of all()) {
    expect(conditions()).toEqual([]);
    ended.add(metaOf(pod).name!);
    await registry.update(pods, { ...key, name: metaOf(pod).name! }, (p) => ({
      ...p,
      metadata: { ...metaOf(p), annotations: { now: 'ends' } },
    }));
    await settles(() => expect(status().succeeded).toBe(ended.size));
  }
  await settles(() => expect(conditions()).toContain('Complete'));
  expect(all()).toHaveLength(3);
});

describe('a pod that fails', () => {
  test('is followed by another after 10 s, 20 s, …, until too many have failed', async () => {
    const world = await setUp(() => 'failed');
    const { create, status, all, conditions, pass, messages, registry } = world;
    const wake = () =>
      registry.update(jobs, key, (j) => ({
        ...j,
        metadata: { ...metaOf(j), annotations: { at: world.clock.now().toISOString() } },
      }));
    await create({ backoffLimit: 2 });
    await settles(() => expect(status().failed).toBe(1));
    for (const [waited, pods] of [
      [9_000, 1],
      [1_000, 2],
      [19_000, 2],
      [1_000, 3],
    ] as const) {
      pass(waited);
      await wake();
      await quiet(world);
      expect(all()).toHaveLength(pods);
    }
    await settles(() => expect(conditions()).toEqual(['FailureTarget', 'Failed']));
    expect(status()).toMatchObject({ failed: 3, succeeded: 0, active: 0 });
    expect(status()).not.toHaveProperty('completionTime');
    await settles(() =>
      expect(messages('BackoffLimitExceeded')).toEqual(['Job has reached the specified backoff limit']),
    );
  });

  test('counts its containers instead where they are started again', async () => {
    const world = await setUp(() => 'leave');
    const { create, all, registry, conditions, clock } = world;
    await create({ backoffLimit: 2, template: template('OnFailure') });
    await settles(() => expect(all()).toHaveLength(1));
    const restarted = (restartCount: number) =>
      registry.update(
        pods,
        { ...key, name: metaOf(all()[0]!).name! },
        (pod) => ({
          ...pod,
          status: {
            phase: 'Running',
            startTime: clock.now().toISOString(),
            containerStatuses: [{ name: 'main', image: '', imageID: '', ready: true, restartCount }],
          },
        }),
        { subresource: 'status' },
      );
    await restarted(1);
    await quiet(world);
    expect(conditions()).toEqual([]);
    await restarted(2);
    await settles(() => expect(conditions()).toEqual(['FailureTarget', 'Failed']));
    expect(all()).toEqual([]);
  });

  test('and is deleted by somebody counts as failed, and is followed', async () => {
    const world = await setUp(() => 'ready');
    const { create, registry, status, active, all } = world;
    await create();
    await settles(() => expect(status().ready).toBe(1));
    const { name = '' } = metaOf(all()[0]!);
    await registry.delete(pods, { ...key, name });
    await settles(() => expect(status().failed).toBe(1));
    await passingTime(world, () => expect(active()).toHaveLength(1));
    expect(metaOf(active()[0]!).name).not.toBe(name);
  });
});

describe('an Indexed Job', () => {
  test('runs one pod for each index, which knows it', async () => {
    const { create, status, all, conditions } = await setUp();
    await create({ completions: 4, parallelism: 2, completionMode: 'Indexed' });
    await settles(() => expect(conditions()).toContain('Complete'));
    expect(status()).toMatchObject({ completedIndexes: '0-3', succeeded: 4 });
    expect(new Set(all().map(indexOf))).toEqual(new Set([0, 1, 2, 3]));
    const last = all().find((pod) => indexOf(pod) === 3)!;
    expect(metaOf(last)).toMatchObject({
      name: expect.stringMatching(/^batch-3-[a-z0-9]{5}$/),
      labels: { 'batch.kubernetes.io/job-completion-index': '3' },
    });
    expect(last.spec).toMatchObject({
      hostname: 'batch-3',
      containers: [
        {
          env: [
            {
              name: 'JOB_COMPLETION_INDEX',
              valueFrom: { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-completion-index']" } },
            },
          ],
        },
      ],
    });
  });

  test('limits failures by index', async () => {
    const world = await setUp((pod) => (indexOf(pod)! % 2 === 1 ? 'failed' : 'succeeded'));
    await world.create({ completions: 4, parallelism: 4, completionMode: 'Indexed', backoffLimitPerIndex: 1 });
    await passingTime(world, () => expect(world.conditions()).toEqual(['FailureTarget', 'Failed']));
    expect(world.status()).toMatchObject({
      completedIndexes: '0,2',
      failedIndexes: '1,3',
      succeeded: 2,
      failed: 4,
      conditions: [{ reason: 'FailedIndexes' }, { reason: 'FailedIndexes', message: 'Job has failed indexes' }],
    });
    const counts = world
      .all()
      .map((pod) => `${indexOf(pod)}: ${metaOf(pod).annotations?.['batch.kubernetes.io/job-index-failure-count']}`);
    expect(counts.toSorted()).toEqual(['0: 0', '1: 0', '1: 1', '2: 0', '3: 0', '3: 1']);
  });

  test('ends when too many indexes have failed', async () => {
    const world = await setUp((pod) => (indexOf(pod)! < 2 ? 'failed' : 'ready'));
    await world.create({
      completions: 4,
      parallelism: 4,
      completionMode: 'Indexed',
      backoffLimitPerIndex: 0,
      maxFailedIndexes: 1,
    });
    await settles(() => expect(world.conditions()).toEqual(['FailureTarget', 'Failed']));
    expect(world.status()).toMatchObject({
      failedIndexes: '0,1',
      conditions: [{ reason: 'MaxFailedIndexesExceeded' }, { reason: 'MaxFailedIndexesExceeded' }],
    });
    expect(world.active()).toEqual([]);
  });

  test.each([
    ['all indexes', { succeededIndexes: '0-3' }, '0-3'],
    ['so many indexes', { succeededCount: 2 }, '1,2'],
    ['these indexes', { succeededIndexes: '2' }, '2'],
    ['so many of these indexes', { succeededIndexes: '1-3', succeededCount: 1 }, '3'],
  ])('succeeds by a rule about %s', async (_rule, rule, enough) => {
    const wanted = parseIntervals(enough, 4);
    const world = await setUp((pod) => (hasIndex(wanted, indexOf(pod)!) ? 'succeeded' : 'ready'));
    const spec = { completions: 4, parallelism: 4, completionMode: 'Indexed', successPolicy: { rules: [rule] } };
    await world.create(spec);
    await settles(() => expect(world.conditions()).toEqual(['SuccessCriteriaMet', 'Complete']));
    expect(world.status()).toMatchObject({ completedIndexes: enough, failed: 0 });
  });

  test('succeeds early by its policy, and what still runs has not failed', async () => {
    const world = await setUp((pod) => (indexOf(pod) === 2 ? 'succeeded' : 'ready'));
    const successPolicy = { rules: [{ succeededIndexes: '0-1', succeededCount: 2 }, { succeededIndexes: '2' }] };
    await world.create({ completions: 4, parallelism: 4, completionMode: 'Indexed', successPolicy });
    await settles(() => expect(world.conditions()).toEqual(['SuccessCriteriaMet', 'Complete']));
    expect(world.status()).toMatchObject({
      completedIndexes: '2',
      succeeded: 1,
      failed: 0,
      conditions: [{ reason: 'SuccessPolicy', message: 'Matched rules at index 1' }, { reason: 'SuccessPolicy' }],
    });
    expect(world.active()).toEqual([]);
  });

  test('can grow and shrink', async () => {
    const world = await setUp(() => 'ready');
    await world.create({ completions: 3, parallelism: 3, completionMode: 'Indexed' });
    await settles(() => expect(world.status().ready).toBe(3));
    await world.change({ completions: 1, parallelism: 1 });
    await settles(() => expect(world.active().map(indexOf)).toEqual([0]));
    await world.change({ completions: 2, parallelism: 2 });
    await settles(() => expect(new Set(world.active().map(indexOf))).toEqual(new Set([0, 1])));
    expect(world.status().failed).toBe(0);
  });
});

describe('rules for failures', () => {
  const exits = (code: number) => (pod: Pod) => ({
    ...pod,
    status: {
      phase: 'Failed',
      containerStatuses: [
        {
          name: 'main',
          image: '',
          imageID: '',
          ready: false,
          restartCount: 0,
          state: { terminated: { exitCode: code, finishedAt: '2026-03-01T10:00:00Z' } },
        },
      ],
    },
  });
  const podFailurePolicy = {
    rules: [
      { action: 'FailJob', onExitCodes: { containerName: 'main', operator: 'In', values: [42] } },
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    ],
  };

  test('one fails the Job at once', async () => {
    const { create, all, registry, conditions, status } = await setUp(() => 'leave');
    await create({ completions: 2, parallelism: 2, podFailurePolicy });
    await settles(() => expect(all()).toHaveLength(2));
    const { name = '' } = metaOf(all()[0]!);
    await registry.update(pods, { ...key, name }, exits(42), { subresource: 'status' });
    await settles(() => expect(conditions()).toEqual(['FailureTarget', 'Failed']));
    expect(status().conditions?.[1]).toMatchObject({
      reason: 'PodFailurePolicy',
      message: `Container main for pod default/${name} failed with exit code 42 matching FailJob rule at index 0`,
    });
    expect(status().failed).toBe(2);
  });

  test('another lets it go on as if nothing had happened', async () => {
    const world = await setUp(() => 'leave');
    const { create, all, registry, status, conditions } = world;
    await create({ backoffLimit: 0, podFailurePolicy });
    await settles(() => expect(all()).toHaveLength(1));
    const disrupted = (pod: Pod) => ({
      ...pod,
      status: { phase: 'Failed', conditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    });
    await registry.update(pods, { ...key, name: metaOf(all()[0]!).name! }, disrupted, { subresource: 'status' });
    await passingTime(world, () => expect(world.active()).toHaveLength(1));
    expect(status().failed).toBe(0);
    expect(conditions()).toEqual([]);
  });

  test('another fails an index at once', async () => {
    const world = await setUp((pod) => (indexOf(pod) === 0 ? 'leave' : 'succeeded'));
    const { create, all, registry, conditions, status } = world;
    await create({
      completions: 2,
      parallelism: 2,
      completionMode: 'Indexed',
      backoffLimitPerIndex: 5,
      podFailurePolicy: { rules: [{ action: 'FailIndex', onExitCodes: { operator: 'NotIn', values: [1] } }] },
    });
    await settles(() => expect(status().succeeded).toBe(1));
    const { name = '' } = metaOf(all().find((pod) => indexOf(pod) === 0)!);
    await registry.update(pods, { ...key, name }, exits(42), { subresource: 'status' });
    await settles(() => expect(conditions()).toEqual(['FailureTarget', 'Failed']));
    expect(status()).toMatchObject({ completedIndexes: '1', failedIndexes: '0', failed: 1 });
  });

  test('a pod that is ending is replaced only when it has ended', async () => {
    const world = await setUp(() => 'ready');
    const { create, all, registry, status, holdPods } = world;
    await create({ podReplacementPolicy: 'Failed' });
    await settles(() => expect(status().ready).toBe(1));
    holdPods(true);
    const ending = { ...key, name: metaOf(all()[0]!).name! };
    await registry.delete(pods, ending);
    await settles(() => expect(status()).toMatchObject({ active: 0, terminating: 1, failed: 0 }));
    await passingTime(world, () => expect(all()).toHaveLength(1));
    holdPods(false);
    await registry.update(pods, ending, (pod) => ({
      ...pod,
      metadata: { ...metaOf(pod), annotations: { may: 'go' } },
    }));
    await settles(() => expect(status().failed).toBe(1));
    await passingTime(world, () => expect(world.active()).toHaveLength(1));
  });
});

test('a suspended Job has no pods, and its deadline counts from when it goes on', async () => {
  const world = await setUp(() => 'ready');
  const { create, change, status, all, pass, conditions, messages } = world;
  await create({ completions: 2, parallelism: 2, activeDeadlineSeconds: 100 });
  await settles(() => expect(status().ready).toBe(2));
  await change({ suspend: true });
  await settles(() => expect(all()).toEqual([]));
  await settles(() => expect(conditions()).toEqual(['Suspended']));
  expect(status().failed).toBe(0);
  pass(200_000);
  await change({ suspend: false });
  await settles(() => expect(status().ready).toBe(2));
  expect(conditions()).toEqual([]);
  expect(status().startTime).toBe('2026-03-01T10:03:20Z');
  await settles(() =>
    expect([messages('Suspended'), messages('Resumed')]).toEqual([['Job suspended'], ['Job resumed']]),
  );
  pass(100_000);
  await change({ parallelism: 1 });
  await settles(() => expect(conditions()).toEqual(['FailureTarget', 'Failed']));
  expect(status()).toMatchObject({ failed: 2, conditions: [{}, { reason: 'DeadlineExceeded' }, {}] });
});

test('a Job that was created suspended starts when it is told to', async () => {
  const world = await setUp();
  await world.create({ suspend: true });
  await settles(() => expect(world.conditions()).toEqual(['Suspended']));
  expect(world.all()).toEqual([]);
  expect(world.status()).not.toHaveProperty('startTime');
  await world.change({ suspend: false });
  await settles(() => expect(world.conditions()).toContain('Complete'));
});

test('fewer at a time: those that are too many go, and have not failed', async () => {
  const world = await setUp(() => 'ready');
  await world.create({ completions: 5, parallelism: 4 });
  await settles(() => expect(world.status().ready).toBe(4));
  await world.change({ parallelism: 1 });
  await settles(() => expect(world.all()).toHaveLength(1));
  await settles(() => expect(world.status()).toMatchObject({ active: 1, failed: 0, terminating: 0 }));
});

test('a Job is deleted some time after its end', async () => {
  const world = await setUp();
  await world.create({ ttlSecondsAfterFinished: 0 });
  await settles(() => expect(metaOf(world.registry.find(jobs, key) ?? {}).deletionTimestamp).toBeDefined());
});

test('pods of a Job that is gone are let go', async () => {
  const world = await setUp(() => 'ready');
  await world.create({ completions: 2, parallelism: 2 });
  await settles(() => expect(world.status().ready).toBe(2));
  await world.registry.delete(jobs, key, { propagationPolicy: 'Background' });
  await settles(() => expect(world.all().filter(isTracked)).toEqual([]));
});

test('matching orphans are adopted and counted, and pods whose labels no longer match are let go', async () => {
  const world = await setUp(() => 'ready');
  const { create, registry, status, all } = world;
  await create();
  await settles(() => expect(status().ready).toBe(1));
  const own = { ...key, name: metaOf(all()[0]!).name! };
  await registry.update(pods, own, ({ metadata, ...pod }) => {
    const { ownerReferences: _owners, finalizers: _finalizers, ...kept } = metadata!;
    return { ...pod, metadata: kept };
  });
  await settles(() => expect(metaOf(registry.get(pods, own)).ownerReferences).toMatchObject([{ name: 'batch' }]));
  expect(isTracked(registry.get(pods, own))).toBe(true);
  await registry.update(pods, own, (pod) => ({ ...pod, metadata: { ...metaOf(pod), labels: {} } }));
  await settles(() => expect(metaOf(registry.get(pods, own)).ownerReferences).toBeUndefined());
  expect(isTracked(registry.get(pods, own))).toBe(false);
  await settles(() => expect(world.active()).toHaveLength(2));
});

test('a Job of another controller is left alone', async () => {
  const world = await setUp();
  await world.create({ managedBy: 'acme.io/queue' });
  await quiet(world);
  expect(world.all()).toEqual([]);
  expect(world.status()).toEqual({});
});

test('a condition of somebody else stays', async () => {
  const world = await setUp(() => 'ready');
  await world.create();
  await settles(() => expect(world.status().ready).toBe(1));
  const conditions = [{ type: 'Inspected', status: 'True', lastTransitionTime: '2026-03-01T10:00:00Z' }];
  await world.registry.update(jobs, key, (j) => ({ ...j, status: { ...j.status, conditions } }), {
    subresource: 'status',
  });
  await world.change({ suspend: true });
  await settles(() => expect(world.conditions()).toEqual(['Inspected', 'Suspended']));
});
