import { expect, test } from 'vitest';
import { keyOf, metaOf } from '../../meta/object-key.ts';
import { seededRandom, type Random } from '../../meta/seeded-random.ts';
import type { CronJob, Job } from '../../meta/types.ts';
import { memoryObjectStore } from '../../registry/registry-fixture.ts';
import { cronJobs } from '../../resources/cron-job.ts';
import { finishedCondition } from '../../resources/job-conditions.ts';
import { jobs } from '../../resources/job.ts';
import { crashingStore, slowStore, turns } from '../property-world.ts';
import { namesOf, quiet, testCluster } from '../test-cluster.ts';
import { startCronJobController } from './cronjob-controller.ts';

const key = { namespace: 'default', name: 'report' };
const minute = 60_000;

const randomCronJob = (random: Random): CronJob => ({
  metadata: key,
  spec: {
    schedule: random.pick(['* * * * *', '*/7 * * * *', '3,4,50 * * * *']),
    timeZone: 'UTC',
    concurrencyPolicy: random.pick(['Allow', 'Forbid', 'Replace']),
    successfulJobsHistoryLimit: random.below(3),
    failedJobsHistoryLimit: random.below(3),
    ...(random.maybe(0.5) ? { startingDeadlineSeconds: 600 + random.below(600) } : {}),
    jobTemplate: {
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'work:1' }] } } },
    },
  },
});

/** A device whose power goes now and then, with a disk that refuses some writes, and Jobs that end when they like. */
class World {
  readonly violations: string[] = [];
  readonly random: Random;
  readonly #cronJob: CronJob;
  readonly #disk = memoryObjectStore();
  readonly #made = new Map<string, string>();
  #odds = 0.1;
  #time = 0;
  cluster!: Awaited<ReturnType<World['open']>>;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.#cronJob = randomCronJob(this.random);
  }

  get jobs(): Job[] {
    return this.cluster.registry.all(jobs, 'default');
  }

  get made(): number {
    return this.#made.size;
  }

  get #running(): Job[] {
    return this.jobs.filter((job) => !finishedCondition(job));
  }

  async open() {
    const { store, crash } = crashingStore(this.#disk);
    const refuse = () => {
      if (this.random.maybe(this.#odds)) throw new Error('the disk is full');
    };
    const cluster = await testCluster([{ name: 'full-disk', validate: refuse }], slowStore(this.random, store));
    cluster.pass(this.#time);
    return { ...cluster, crash };
  }

  async start(): Promise<void> {
    this.cluster = await this.open();
    const { registry } = this.cluster;
    while (!registry.find(cronJobs, key)) await registry.create(cronJobs, this.#cronJob).catch(() => undefined);
    this.#run();
  }

  async #crash(): Promise<void> {
    this.cluster.crash();
    this.cluster.stop();
    this.cluster = await this.open();
    this.#run();
  }

  #run(): void {
    const { registry } = this.cluster;
    const { concurrencyPolicy } = this.#cronJob.spec!;
    registry.subscribe(jobs, ({ type, object }) => {
      if (type !== 'ADDED') return;
      const { name = '', uid = '' } = metaOf(object);
      if ((this.#made.get(name) ?? uid) !== uid) this.violations.push(`${name} twice`);
      this.#made.set(name, uid);
      if (concurrencyPolicy !== 'Allow' && this.#running.length > 1)
        this.violations.push(`${namesOf(this.#running).join(' beside ')}`);
    });
    void startCronJobController(this.cluster);
  }

  /** What may happen next. */
  async happen(): Promise<void> {
    const { random } = this;
    const chance = random.below(10);
    if (chance === 0) return this.#crash();
    const job = this.#running.length > 0 ? random.pick(this.#running) : undefined;
    if (chance < 4 && job) return this.#end(job, random.pick(['Complete', 'Failed']));
    const passed = random.below(chance === 9 ? 200 : 3) * 20_000;
    this.#time += passed;
    this.cluster.pass(passed);
    return this.#wake();
  }

  #wake(): Promise<void> {
    const at = String(this.#time);
    const touched = (cronJob: CronJob) => ({ ...cronJob, metadata: { ...metaOf(cronJob), annotations: { at } } });
    return this.#write(() => this.cluster.registry.update(cronJobs, key, touched));
  }

  #end(job: Job, type: 'Complete' | 'Failed'): Promise<void> {
    const time = this.cluster.clock.now().toISOString().replace('.000', '');
    const condition = (name: string) => ({ type: name, status: 'True', lastTransitionTime: time });
    const status = {
      startTime: time,
      ...(type === 'Complete' ? { completionTime: time } : {}),
      conditions: [condition(type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget'), condition(type)],
    };
    const ended = (current: Job) => ({ ...current, status });
    return this.#write(() => this.cluster.registry.update(jobs, keyOf(job), ended, { subresource: 'status' }));
  }

  /** Whoever writes does not wait for a disk that has died. */
  async #write(write: () => Promise<unknown>): Promise<void> {
    await Promise.race([write().catch(() => undefined), turns(200)]);
  }

  /** Good times, an hour long, in which every Job ends at once. */
  async finish(): Promise<void> {
    this.#odds = 0;
    for (let passed = 0; passed < 60; passed += 10) {
      this.#time += 10 * minute;
      this.cluster.pass(10 * minute);
      await this.#wake();
      await quiet(this.cluster);
      for (const job of this.#running) await this.#end(job, 'Complete');
      // Longer than the disk hangs.
      await quiet(this.cluster, 50);
    }
  }
}

const seeds = Array.from({ length: 12 }, (_, i) => i + 1);

test.each(seeds)('no time runs twice, and nothing overlaps that must not (seed %i)', async (seed) => {
  const world = new World(seed);
  await world.start();
  for (let step = 0; step < 100; step++) {
    await turns(world.random.below(8));
    await world.happen();
  }
  await quiet(world.cluster);
  const before = world.made;
  await world.finish();
  expect(world.violations).toEqual([]);
  expect(world.made).toBeGreaterThan(before);
  const { successfulJobsHistoryLimit } = world.cluster.registry.get(cronJobs, key).spec!;
  const kept = world.jobs.filter((job) => finishedCondition(job)?.type === 'Complete');
  expect(kept.length).toBeLessThanOrEqual(successfulJobsHistoryLimit!);
});
