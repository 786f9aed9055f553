import { describe, expect, test } from 'vitest';
import { keyOf, metaOf } from '../../meta/object-key.ts';
import { seededRandom, type Random } from '../../meta/seeded-random.ts';
import { ignore, isNotFound } from '../../meta/status-error.ts';
import type { Job, JobSpec, Pod } from '../../meta/types.ts';
import type { ObjectStore } from '../../registry/object-store.ts';
import { memoryObjectStore } from '../../registry/registry-fixture.ts';
import { finishedCondition } from '../../resources/job-conditions.ts';
import { jobs } from '../../resources/job.ts';
import { pods } from '../../resources/pod.ts';
import { statusOf } from '../fake-kubelet.ts';
import { isPodActive, isPodTerminal, isPodTerminating } from '../pod-lifecycle.ts';
import { crashingStore, refusing, slowStore, turns } from '../property-world.ts';
import { quiet, testCluster } from '../test-cluster.ts';
import { startJobController } from './job-controller.ts';
import { indexOf, uidOf } from './job-pods.ts';
import { startJobTrackingController } from './job-tracking-controller.ts';

const key = { namespace: 'default', name: 'batch' };

const randomSpec = (random: Random): JobSpec => {
  const isIndexed = random.maybe(0.5);
  const limits = random.maybe(0.5)
    ? { backoffLimitPerIndex: random.below(3), ...(random.maybe(0.3) ? { maxFailedIndexes: 1 } : {}) }
    : {};
  return {
    completions: 1 + random.below(8),
    parallelism: 1 + random.below(5),
    backoffLimit: random.below(8),
    podReplacementPolicy: random.pick(['Failed', 'TerminatingOrFailed']),
    ...(isIndexed ? { completionMode: 'Indexed', ...limits } : {}),
    template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'work:1' }] } },
  };
};

/** A Job on a device that dies now and then, with a disk that refuses some writes, and somebody who deletes pods. */
class World {
  readonly violations: string[] = [];
  readonly random: Random;
  readonly spec: JobSpec;
  readonly #disk = memoryObjectStore();
  readonly #odds = { refuse: 0.1 };
  /** How each pod ended, and which of them nobody may count. */
  readonly ended = new Map<string, 'succeeded' | 'failed'>();
  /** Whom the Job itself or somebody else told to end. */
  readonly deleted = new Set<string>();
  cluster!: Awaited<ReturnType<World['open']>>;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.spec = randomSpec(this.random);
  }

  get job(): Job {
    return this.cluster.registry.get(jobs, key);
  }

  get pods(): Pod[] {
    return this.cluster.registry.all(pods, 'default');
  }

  async open(disk: ObjectStore) {
    const { store, crash } = crashingStore(disk);
    const plugin = refusing(this.random, () => this.#odds.refuse);
    return { ...(await testCluster([plugin], slowStore(this.random, store))), crash };
  }

  async start(): Promise<void> {
    this.cluster = await this.open(this.#disk);
    await this.cluster.registry.create(jobs, { metadata: key, spec: this.spec });
    this.#run();
  }

  /** SIGKILL at this very moment, and a new process, which learns from the engine what runs. */
  async crash(): Promise<void> {
    const { pods: known, cluster } = this;
    cluster.crash();
    cluster.stop();
    const now = cluster.clock.now().getTime();
    this.cluster = await this.open(this.#disk);
    this.cluster.pass(now - this.cluster.clock.now().getTime());
    const { registry } = this.cluster;
    for (const { status, ...pod } of known) {
      const kept = registry.find(pods, keyOf(pod));
      if (!status || !kept || uidOf(kept) !== uidOf(pod) || isPodTerminal(kept)) continue;
      await registry.update(pods, keyOf(pod), (current) => ({ ...current, status }), { subresource: 'status' });
    }
    this.#run();
  }

  #run(): void {
    const { registry } = this.cluster;
    const activeOf = (index: number) => this.pods.filter((pod) => isPodActive(pod) && indexOf(pod) === index);
    registry.subscribe(pods, ({ type, object, previous }) => {
      if (type === 'ADDED') {
        const active = this.pods.filter(isPodActive).length;
        if (active > this.spec.parallelism!) this.violations.push(`${active} at once`);
        const index = indexOf(object);
        if (index !== undefined && activeOf(index).length > 1) this.violations.push(`index ${index} twice`);
      }
      if (previous && !isPodTerminating(previous) && isPodTerminating(object)) this.deleted.add(uidOf(object));
    });
    registry.subscribe(jobs, ({ object: { status, spec } }) => {
      if ((status?.succeeded ?? 0) > spec!.completions!) this.violations.push(`${status?.succeeded} succeeded`);
    });
    void startJobController(this.cluster);
    void startJobTrackingController(this.cluster);
  }

  /** What may happen next. */
  async happen(): Promise<void> {
    const { random } = this;
    const chance = random.below(20);
    if (chance === 0) return this.crash();
    if (chance === 1) return this.cluster.pass(5_000 * random.below(100));
    if (chance === 2) return this.#wake();
    const going = this.pods.filter(isPodTerminating);
    if (going.length > 0 && random.maybe(0.5)) return this.#go(random.pick(going));
    const active = this.pods.filter(isPodActive);
    if (active.length === 0) return this.#wake();
    const pod = random.pick(active);
    if (chance === 3) return this.#delete(pod);
    return this.#end(pod, random.maybe(0.3) ? 'failed' : 'succeeded');
  }

  /** As the kubelet does it: the end first, then the object, which a finalizer may still hold. */
  async #go(pod: Pod): Promise<void> {
    if (!isPodTerminal(pod)) await this.#end(pod, 'failed');
    await this.#write(() => this.cluster.registry.delete(pods, keyOf(pod), { gracePeriodSeconds: 0 }));
  }

  async #end(pod: Pod, outcome: 'failed' | 'succeeded'): Promise<void> {
    const { registry, clock } = this.cluster;
    const isThis = (current: Pod) => uidOf(current) === uidOf(pod) && !isPodTerminal(current);
    await this.#write(() =>
      registry.update(
        pods,
        keyOf(pod),
        (current) => {
          if (!isThis(current)) return current;
          this.ended.set(uidOf(pod), outcome);
          return { ...current, status: statusOf(current, outcome, '10.88.0.1', clock) };
        },
        { subresource: 'status' },
      ),
    );
  }

  #delete(pod: Pod): Promise<void> {
    return this.#write(() => this.cluster.registry.delete(pods, keyOf(pod)));
  }

  /** Time has passed, and somebody touches the Job. */
  #wake(): Promise<void> {
    const at = String(this.cluster.clock.now().getTime());
    const touched = (job: Job): Job => ({ ...job, metadata: { ...metaOf(job), annotations: { at } } });
    return this.#write(() => this.cluster.registry.update(jobs, key, touched));
  }

  /** Whoever writes does not wait for a disk that has died. */
  async #write(write: () => Promise<unknown>): Promise<void> {
    await Promise.race([write().catch(() => undefined), turns(200)]);
  }

  /** Good times: nothing is refused, every pod succeeds, and back-off passes. */
  async finish(): Promise<void> {
    this.#odds.refuse = 0;
    for (let turn = 0; turn < 300 && !finishedCondition(this.job); turn++) {
      await quiet(this.cluster);
      this.cluster.pass(600_000);
      await this.#wake();
      for (const pod of this.pods) {
        if (isPodTerminating(pod)) await this.#go(pod);
        else if (isPodActive(pod)) await this.#end(pod, 'succeeded');
      }
    }
    await quiet(this.cluster);
  }
}

const seeds = Array.from({ length: 30 }, (_, i) => i + 1);

describe('whatever happens', () => {
  test.each(seeds)('each pod counts once, no index runs twice at a time, and the Job ends (seed %i)', async (seed) => {
    const world = new World(seed);
    await world.start();
    for (let step = 0; step < 120; step++) {
      await turns(world.random.below(8));
      await world.happen().catch(ignore(isNotFound));
    }
    await world.finish();
    const { status = {}, spec } = world.job;
    expect(world.violations).toEqual([]);
    expect(finishedCondition(world.job)).toBeDefined();
    expect(status).toMatchObject({ active: 0, terminating: 0, uncountedTerminatedPods: {} });
    const ends = [...world.ended];
    const succeeded = ends.filter(([, outcome]) => outcome === 'succeeded').length;
    const failedBySelf = ends.filter(([uid, outcome]) => outcome === 'failed' && !world.deleted.has(uid)).length;
    expect(status.succeeded).toBeLessThanOrEqual(succeeded);
    // Beyond the failures that nobody asked for, only what was told to end can have been taken for one.
    expect(status.failed).toBeLessThanOrEqual(failedBySelf + world.deleted.size);
    if (finishedCondition(world.job)?.type === 'Complete') {
      expect(status.succeeded).toBe(spec!.completions);
      expect(status.failed).toBeGreaterThanOrEqual(failedBySelf);
    }
  });
});
