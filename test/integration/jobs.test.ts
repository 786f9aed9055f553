import { beforeAll, describe, expect, it } from 'vitest';
import type { Kubectl } from '../clients/kubectl.ts';
import { eventually } from '../conformance/runtime/eventually.ts';
import type { Job, Pod } from '../../src/domain/meta/types.ts';
import { engines } from './engines.ts';
import { busybox, STAY } from './pods.ts';
import { useK2d } from './use-k2d.ts';

const job = (name: string, script: string, spec: object = {}, podSpec: object = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: {
    template: {
      spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers: [busybox(script)], ...podSpec },
    },
    ...spec,
  },
});

const everyMinute = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'tick' },
  spec: {
    schedule: '* * * * *',
    jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [busybox('date')] } } } },
  },
};

/** One of six runs fails, as chance will have it. */
const failingSometimes = 'sleep 0.3; [ $((RANDOM % 6)) != 0 ]';

/** Fails twice before it succeeds, in one pod. A run that k2d ends during the back-off counts. */
const thirdTime = 'echo x >>/seen/runs; [ $(wc -l </seen/runs) -ge 3 ]';

const jobs: readonly object[] = [
  job('indexed', 'echo "$JOB_COMPLETION_INDEX on $(hostname)"', {
    completions: 3,
    parallelism: 2,
    completionMode: 'Indexed',
  }),
  job('hopeless', 'exit 3', { backoffLimit: 1 }),
  job('given-up', 'exit 42', {
    backoffLimit: 5,
    podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } }] },
  }),
  job('endless', STAY, { activeDeadlineSeconds: 3 }),
  job(
    'third-time',
    '',
    {},
    {
      restartPolicy: 'OnFailure',
      containers: [busybox(thirdTime, { volumeMounts: [{ name: 'seen', mountPath: '/seen' }] })],
      volumes: [{ name: 'seen', emptyDir: {} }],
    },
  ),
  job('forgotten', 'true', { ttlSecondsAfterFinished: 1 }),
  job('paused', STAY, { suspend: true, completions: 2, parallelism: 2 }),
];

describe.each(engines)('jobs on $kind', (engine) => {
  const k2d = useK2d(engine, 'jobs');
  let kubectl: Kubectl;

  const read = async <T>(what: string): Promise<T> => JSON.parse(await kubectl.run(`get ${what} -o json`)) as T;
  const status = async (name: string) => (await read<Job>(`job ${name}`)).status ?? {};
  const podsOf = async (name: string) => (await read<{ items: Pod[] }>(`pods -l job-name=${name}`)).items;
  const noPodsOf = (name: string) =>
    eventually(`no pod of ${name} is left`, async () => ((await podsOf(name)).length === 0 ? true : undefined));
  const condition = async (name: string, type: string) =>
    (await status(name)).conditions?.find((each) => each.type === type && each.status === 'True');
  const ended = (name: string, how: 'complete' | 'failed') =>
    kubectl.run(`wait --for=condition=${how} job/${name} --timeout=100s`);

  beforeAll(async () => {
    kubectl = await k2d.namespace('plant');
    await kubectl.apply(everyMinute, ...jobs);
  });

  /** The engine starts k2d again, which then answers. */
  const kill = async () => {
    const pid = await k2d.pid();
    process.kill(pid, 'SIGKILL');
    await eventually('the engine starts k2d again', async () =>
      [0, pid].includes(await k2d.pid()) ? undefined : true,
    );
    await k2d.start();
  };

  it('20 completions with random failures end with the right counts, although k2d is killed three times', async () => {
    await kubectl.apply(job('batch', failingSometimes, { completions: 20, parallelism: 4, backoffLimit: 100 }));
    for (const least of [2, 7, 13]) {
      const counted = async () => ((await status('batch')).succeeded ?? 0) >= least || undefined;
      await eventually(`${least} pods have succeeded`, counted, 90_000);
      await kill();
    }
    await kubectl.run('wait --for=condition=complete job/batch --timeout=150s', { timeoutMs: 160_000 });
    const phases = (await podsOf('batch')).map((pod) => pod.status?.phase);
    const failed = phases.filter((phase) => phase === 'Failed').length;
    expect(phases.filter((phase) => phase === 'Succeeded')).toHaveLength(20);
    expect(phases).toHaveLength(20 + failed);
    expect(await status('batch')).toMatchObject({
      succeeded: 20,
      active: 0,
      terminating: 0,
      uncountedTerminatedPods: {},
      ...(failed > 0 ? { failed } : {}),
    });
  });

  it('each pod of an Indexed Job knows its index', async () => {
    await ended('indexed', 'complete');
    expect(await status('indexed')).toMatchObject({ succeeded: 3, completedIndexes: '0-2' });
    const words = await Promise.all((await podsOf('indexed')).map((pod) => kubectl.run(`logs ${pod.metadata?.name}`)));
    expect(words.toSorted()).toEqual(['0 on indexed-0\n', '1 on indexed-1\n', '2 on indexed-2\n']);
  });

  it('a Job fails when its pods have failed too often', async () => {
    await ended('hopeless', 'failed');
    expect(await condition('hopeless', 'Failed')).toMatchObject({ reason: 'BackoffLimitExceeded' });
    expect(await status('hopeless')).toMatchObject({ failed: 2 });
  });

  it('a rule fails it at the first exit code that it knows', async () => {
    await ended('given-up', 'failed');
    expect(await condition('given-up', 'Failed')).toMatchObject({
      reason: 'PodFailurePolicy',
      message: expect.stringMatching(/^Container main for pod plant\/given-up-\w+ failed with exit code 42 /),
    });
    expect(await status('given-up')).toMatchObject({ failed: 1 });
  });

  it('a Job that takes too long is ended', async () => {
    await ended('endless', 'failed');
    expect(await condition('endless', 'Failed')).toMatchObject({ reason: 'DeadlineExceeded' });
    await noPodsOf('endless');
  });

  it('containers can be tried again in their pod', async () => {
    await ended('third-time', 'complete');
    const [pod, ...others] = await podsOf('third-time');
    expect(others).toEqual([]);
    expect(pod?.status?.containerStatuses?.[0]?.restartCount).toBeGreaterThanOrEqual(2);
  });

  it('a Job goes some time after its end, with its pods', async () => {
    await kubectl.run('wait --for=delete job/forgotten --timeout=100s');
    await noPodsOf('forgotten');
  });

  it('a suspended Job has no pods until it goes on', async () => {
    const ready = (count: number) =>
      kubectl.run(`wait --for=jsonpath={.status.ready}=${count} job/paused --timeout=100s`);
    expect(await condition('paused', 'Suspended')).toBeDefined();
    expect(await podsOf('paused')).toEqual([]);
    await kubectl.run(['patch', 'job', 'paused', '-p', '{"spec":{"suspend":false}}']);
    await ready(2);
    await kubectl.run(['patch', 'job', 'paused', '-p', '{"spec":{"suspend":true}}']);
    await noPodsOf('paused');
    expect((await status('paused')).failed ?? 0).toBe(0);
    await kubectl.run('delete job paused');
  });

  it('a Job can be made of a CronJob by hand', async () => {
    await kubectl.run('create job by-hand --from=cronjob/tick');
    await ended('by-hand', 'complete');
    expect(await kubectl.run('get cronjob tick --no-headers')).toMatch(/^tick +\* \* \* \* \* +<none> +False /);
  });

  it('a CronJob makes one when its minute comes', async () => {
    const lastScheduled = await eventually(
      'it is due',
      async () => (await kubectl.run('get cronjob tick -o jsonpath={.status.lastScheduleTime}')) || undefined,
      150_000,
    );
    await ended(`tick-${Date.parse(lastScheduled) / 60_000}`, 'complete');
  });
});
