import { describe, expect, test, vi } from 'vitest';
import { metaOf } from '../../meta/object-key.ts';
import type { CronJob, Job } from '../../meta/types.ts';
import { memoryObjectStore } from '../../registry/registry-fixture.ts';
import { cronJobs } from '../../resources/cron-job.ts';
import { events } from '../../resources/event.ts';
import { finishedCondition } from '../../resources/job-conditions.ts';
import { jobs } from '../../resources/job.ts';
import { namesOf, quiet, settles, testCluster } from '../test-cluster.ts';
import { startCronJobController } from './cronjob-controller.ts';

const key = { namespace: 'default', name: 'report' };

const cronJob = (spec: Partial<NonNullable<CronJob['spec']>> = {}): CronJob => ({
  metadata: key,
  spec: {
    schedule: '*/10 * * * *',
    timeZone: 'UTC',
    jobTemplate: {
      metadata: { labels: { app: 'report' } },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'work:1' }] } } },
    },
    ...spec,
  },
});

const minute = 60_000;
/** What the names of Jobs end in at 10:00 of the test cluster's day. */
const ten = Date.parse('2026-03-01T10:00:00Z') / minute;

async function setUp(store = memoryObjectStore()) {
  const cluster = await testCluster([], store);
  void startCronJobController(cluster);
  const { registry, clock } = cluster;
  const all = () => registry.all(jobs, 'default');
  return {
    ...cluster,
    all,
    status: () => registry.get(cronJobs, key).status ?? {},
    /** Minutes of the names of all Jobs since ten. */
    minutes: () => namesOf(all()).map((name) => Number(name.split('-').at(-1)) - ten),
    /** As the timer would. */
    later: async (milliseconds: number) => {
      cluster.pass(milliseconds);
      await registry.update(cronJobs, key, (current) => ({
        ...current,
        metadata: { ...metaOf(current), annotations: { at: clock.now().toISOString() } },
      }));
      await quiet(cluster);
    },
    end: async (job: Job, type: 'Complete' | 'Failed' = 'Complete') => {
      const time = clock.now().toISOString().replace('.000', '');
      const condition = (name: string) => ({ type: name, status: 'True', lastTransitionTime: time });
      const status = {
        ...job.status,
        startTime: job.status?.startTime ?? metaOf(job).creationTimestamp!,
        ...(type === 'Complete' ? { completionTime: time } : {}),
        conditions: [condition(type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget'), condition(type)],
      };
      await registry.update(jobs, { ...key, name: metaOf(job).name! }, (current) => ({ ...current, status }), {
        subresource: 'status',
      });
      await quiet(cluster);
    },
  };
}

test('makes a Job whenever it is due, and says when that was', async () => {
  const world = await setUp();
  await world.registry.create(cronJobs, cronJob());
  await quiet(world);
  expect(world.all()).toEqual([]);
  await world.later(10 * minute);
  expect(world.minutes()).toEqual([10]);
  expect(world.all()[0]).toMatchObject({
    metadata: {
      labels: { app: 'report' },
      annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-03-01T10:10:00Z' },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'report', controller: true }],
    },
  });
  expect(world.status()).toMatchObject({
    lastScheduleTime: '2026-03-01T10:10:00Z',
    active: [{ kind: 'Job', name: `report-${ten + 10}` }],
  });
  await world.later(5 * minute);
  await world.end(world.all()[0]!);
  expect(world.status()).toEqual({
    lastScheduleTime: '2026-03-01T10:10:00Z',
    lastSuccessfulTime: '2026-03-01T10:15:00Z',
  });
  await vi.waitFor(() =>
    expect(world.messages('SawCompletedJob')).toEqual([`Saw completed job: report-${ten + 10}, condition: Complete`]),
  );
});

describe('while a Job runs, the next one', () => {
  test.each([
    ['Allow', [10, 20]],
    ['Forbid', [10]],
    ['Replace', [20]],
  ])('with %s: %j', async (concurrencyPolicy, expected) => {
    const world = await setUp();
    await world.registry.create(cronJobs, cronJob({ concurrencyPolicy }));
    await world.later(10 * minute);
    await world.later(10 * minute);
    expect(world.minutes()).toEqual(expected);
  });

  test('is made up for when the one before has ended, unless it is too late', async () => {
    const world = await setUp();
    await world.registry.create(cronJobs, cronJob({ concurrencyPolicy: 'Forbid', startingDeadlineSeconds: 120 }));
    await world.later(10 * minute);
    await world.later(10 * minute);
    await vi.waitFor(() => expect(world.messages('JobAlreadyActive')).toHaveLength(1));
    await world.later(minute);
    await world.end(world.all()[0]!);
    expect(world.minutes()).toEqual([10, 20]);
    await world.later(12 * minute);
    await world.end(world.all()[1]!);
    expect(world.minutes()).toEqual([10, 20]);
  });

  test('does not wait for a Job that somebody made by hand', async () => {
    const world = await setUp();
    const { metadata } = await world.registry.create(cronJobs, cronJob({ concurrencyPolicy: 'Forbid' }));
    await world.registry.create(jobs, {
      metadata: {
        ...key,
        name: 'by-hand',
        annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
        ownerReferences: [
          { apiVersion: 'batch/v1', kind: 'CronJob', name: 'report', uid: metadata!.uid!, controller: true },
        ],
      },
      spec: cronJob().spec!.jobTemplate.spec!,
    });
    await world.later(10 * minute);
    expect(namesOf(world.all())).toEqual(['by-hand', `report-${ten + 10}`]);
  });
});

test('of what was missed only the last is made up for, and too much of it is told', async () => {
  const world = await setUp();
  await world.registry.create(cronJobs, cronJob({ schedule: '* * * * *' }));
  await world.later(200 * minute + 20_000);
  expect(world.minutes()).toEqual([200]);
  await vi.waitFor(() =>
    expect(world.messages('TooManyMissedTimes')).toEqual([
      'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
    ]),
  );
});

describe('tells', () => {
  const controlled = (uid: string, name: string): Job => ({
    metadata: {
      ...key,
      name,
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'report', uid, controller: true }],
    },
    spec: cronJob().spec!.jobTemplate.spec!,
  });
  const countOf = (world: Awaited<ReturnType<typeof setUp>>, reason: string) =>
    world.registry.all(events).find((event) => event.reason === reason)?.count;

  test('once which run was missed because it would have been too late', async () => {
    const world = await setUp();
    await world.registry.create(cronJobs, cronJob({ startingDeadlineSeconds: 30 }));
    await world.later(25 * minute);
    await world.later(minute);
    expect(world.minutes()).toEqual([]);
    await settles(() =>
      expect(world.messages('MissSchedule')).toEqual([
        'Missed scheduled time to start a job: Sun, 01 Mar 2026 10:20:00 +0000',
      ]),
    );
    expect(countOf(world, 'MissSchedule')).toBe(1);
    await world.later(4 * minute);
    expect(world.minutes()).toEqual([30]);
    await world.later(minute);
    expect(world.messages('MissSchedule')).toHaveLength(1);
  });

  test('once of a Job that somebody else made of it, as long as it runs', async () => {
    const world = await setUp();
    const { metadata } = await world.registry.create(cronJobs, cronJob());
    await world.registry.create(jobs, controlled(metadata!.uid!, 'by-hand'));
    await world.later(minute);
    await world.end(world.all()[0]!);
    await world.later(minute);
    await settles(() =>
      expect(world.messages('UnexpectedJob')).toEqual([
        'Saw a job that the controller did not create or forgot: by-hand',
      ]),
    );
    expect(countOf(world, 'UnexpectedJob')).toBe(1);
  });

  test('nothing of its own Jobs after k2d was started anew', async () => {
    const store = memoryObjectStore();
    const first = await setUp(store);
    await first.registry.create(cronJobs, cronJob());
    await first.later(10 * minute);
    first.stop();
    const second = await setUp(store);
    await second.later(15 * minute);
    expect(second.minutes()).toEqual([10]);
    expect(second.messages('UnexpectedJob')).toEqual([]);
  });

  test('of a schedule that names no time', async () => {
    const world = await setUp();
    await world.registry.create(cronJobs, cronJob({ schedule: '59 23 31 2 *' }));
    await quiet(world);
    await settles(() =>
      expect(world.messages('InvalidSchedule')).toEqual([
        'invalid schedule: 59 23 31 2 * : time difference between two schedules is less than 1 second',
      ]),
    );
  });

  test.each([
    [{ timeZone: 'Mars/Base' }, 'UnknownTimeZone', 'invalid timeZone: "Mars/Base": unknown time zone Mars/Base'],
    [
      { schedule: 'often' },
      'UnparseableSchedule',
      'unparseable schedule: "often" : expected exactly 5 fields, found 1: [often]',
    ],
  ])('of what is stored and was good once: %j', async (spec, reason, message) => {
    const store = memoryObjectStore();
    const first = await setUp(store);
    const good = await first.registry.create(cronJobs, cronJob());
    await quiet(first);
    first.stop();
    await store.put('cronjobs.batch', key, { ...good, spec: { ...good.spec, ...spec } } as CronJob);
    const world = await setUp(store);
    await settles(() => expect(world.messages(reason)).toEqual([message]));
  });
});

test('a suspended one does nothing', async () => {
  const world = await setUp();
  await world.registry.create(cronJobs, cronJob({ suspend: true }));
  await world.later(30 * minute);
  expect(world.all()).toEqual([]);
});

test('keeps as many finished Jobs as it is told to', async () => {
  const world = await setUp();
  await world.registry.create(cronJobs, cronJob({ successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0 }));
  for (const type of ['Complete', 'Failed', 'Complete'] as const) {
    await world.later(10 * minute);
    await world.end(
      world.all().find((job) => !finishedCondition(job))!,
      type,
    );
  }
  expect(world.minutes()).toEqual([30]);
});

test('knows after a restart when it last ran, also when its Jobs are gone', async () => {
  const store = memoryObjectStore();
  const first = await setUp(store);
  await first.registry.create(cronJobs, cronJob());
  await first.later(10 * minute);
  await first.registry.delete(jobs, { ...key, name: `report-${ten + 10}` }, { propagationPolicy: 'Background' });
  await quiet(first);
  const second = await setUp(store);
  await second.later(15 * minute);
  expect(second.status()).toMatchObject({ lastScheduleTime: '2026-03-01T10:10:00Z' });
  expect(second.minutes()).toEqual([]);
});

test('a clock that was far ahead once keeps nothing from running', async () => {
  const world = await setUp();
  await world.registry.create(cronJobs, cronJob());
  await world.later(10 * 365 * 1440 * minute);
  expect(world.all()).toHaveLength(1);
  await world.registry.delete(
    jobs,
    { ...key, name: metaOf(world.all()[0]!).name! },
    { propagationPolicy: 'Background' },
  );
  await world.later(-10 * 365 * 1440 * minute);
  await world.later(10 * minute);
  expect(world.minutes()).toEqual([10]);
});
