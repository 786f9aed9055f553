import { expect, test } from 'vitest';
import { metaOf } from '../../meta/object-key.ts';
import { seededRandom, type Random } from '../../meta/seeded-random.ts';
import type { Job } from '../../meta/types.ts';
import { jobs } from '../../resources/job.ts';
import { attempting, Device, hastyLife, inTheEnd, type Process, seeds } from '../property-world.ts';
import { namesOf } from '../test-cluster.ts';
import { startTtlAfterFinishedController } from './ttl-after-finished-controller.ts';

const isGoing = (job: Job): boolean => metaOf(job).deletionTimestamp !== undefined;

/** When it may go, in milliseconds since 1970; never for one that goes on or is to stay. */
function expiryOf({ spec, status }: Job): number {
  const ended = status?.conditions?.find(({ type }) => type === 'Complete')?.lastTransitionTime;
  const { ttlSecondsAfterFinished: ttl } = spec ?? {};
  return ended === undefined || ttl === undefined ? Infinity : Date.parse(ended) + ttl * 1000;
}

/** Jobs that end and are to stay for a while, about which people change their minds. */
class World {
  readonly violations: string[] = [];
  readonly device: Device;
  #made = 0;

  constructor(random: Random) {
    const mayFail = ({ definition }: { definition: { kind: string } }) => definition.kind === 'Job';
    this.device = new Device({ random, isSlow: true, mayFail, run: (cluster) => this.#run(cluster) });
  }

  get jobs(): Job[] {
    return this.device.cluster.registry.all(jobs);
  }

  get now(): number {
    return this.device.cluster.clock.now().getTime();
  }

  start(): Promise<void> {
    return this.device.start();
  }

  #run(cluster: Process): void {
    cluster.registry.subscribe(jobs, ({ object, previous }) => {
      if (!previous || isGoing(previous) || !isGoing(object)) return;
      if (expiryOf(previous) > this.now) this.violations.push(`${metaOf(object).name} went before its time`);
    });
    void startTtlAfterFinishedController(cluster);
  }

  #create(): Promise<void> {
    const { random, cluster } = this.device;
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } };
    const ttl = random.maybe(0.7) ? { ttlSecondsAfterFinished: random.below(100) } : {};
    const metadata = { namespace: 'default', name: `j${++this.#made}` };
    return attempting(() => cluster.registry.create(jobs, { metadata, spec: { template, ...ttl } }));
  }

  #end(job: Job): Promise<void> {
    const lastTransitionTime = new Date(this.now).toISOString().replace('.000', '');
    const conditions = ['SuccessCriteriaMet', 'Complete'].map((type) => ({ type, status: 'True', lastTransitionTime }));
    const status = { startTime: lastTransitionTime, completionTime: lastTransitionTime, conditions };
    const { registry } = this.device.cluster;
    const ended = (now: Job): Job =>
      expiryOf({ ...now, spec: { ...now.spec!, ttlSecondsAfterFinished: 0 } }) === Infinity ? { ...now, status } : now;
    return attempting(() =>
      registry.update(jobs, { namespace: 'default', name: metaOf(job).name! }, ended, { subresource: 'status' }),
    );
  }

  #changeMind(job: Job): Promise<void> {
    const { random } = this.device;
    return this.device.update(jobs, job, (now) => {
      const { ttlSecondsAfterFinished: _before, ...spec } = now.spec!;
      return { ...now, spec: random.maybe(0.3) ? spec : { ...spec, ttlSecondsAfterFinished: random.below(200) } };
    });
  }

  /** Timers go by another clock, so every Job is touched. */
  async pass(seconds: number): Promise<void> {
    this.device.cluster.pass(seconds * 1000);
    const annotations = { now: String(this.now) };
    for (const job of this.jobs)
      await this.device.update(jobs, job, (now) => ({ ...now, metadata: { ...metaOf(now), annotations } }));
  }

  readonly happen = async (): Promise<void> => {
    const { random } = this.device;
    const job = random.pick(this.jobs);
    const events: readonly (() => Promise<unknown> | undefined)[] = [
      () => this.#create(),
      () => job && this.#end(job),
      () => job && this.#changeMind(job),
      () => this.pass(random.below(30)),
    ];
    const event = random.pick(events)() ?? Promise.resolve();
    // Some do not wait for an answer.
    if (random.maybe(0.6)) await Promise.race([event, this.device.quiet()]);
  };

  /** No trouble any more, and an hour later: whose time has come goes. */
  async finish(): Promise<void> {
    this.device.odds = 0;
    await this.device.quiet();
    await this.pass(3_600);
    await inTheEnd(async () => {
      await this.device.quiet();
      const due = this.jobs.filter((job) => expiryOf(job) <= this.now);
      expect(namesOf(due.filter((job) => !isGoing(job)))).toEqual([]);
    });
  }
}

test.each(seeds(12))('whatever happens, Jobs go when their time has come and not before (seed %i)', async (seed) => {
  expect(await hastyLife(new World(seededRandom(seed)), 120)).toEqual([]);
});
