import { describe, expect, test } from 'vitest';
import { eviction } from '../../api/subresources/eviction.ts';
import { startDisruptionController } from '../../domain/controllers/disruption/disruption-controller.ts';
import { isPodActive, isPodReady, isPodTerminating } from '../../domain/controllers/pod-lifecycle.ts';
import {
  attempting,
  Device,
  hastyLife,
  inTheEnd,
  type Process,
  quietLife,
  seeds,
} from '../../domain/controllers/property-world.ts';
import { startReplicaSetController } from '../../domain/controllers/replicaset/replicaset-controller.ts';
import { keyOf } from '../../domain/meta/object-key.ts';
import { seededRandom, type Random } from '../../domain/meta/seeded-random.ts';
import type { Pod, PodDisruptionBudget } from '../../domain/meta/types.ts';
import { systemUser } from '../../domain/meta/user-info.ts';
import { catalog } from '../../domain/resources/catalog.ts';
import { podDisruptionBudgets } from '../../domain/resources/pod-disruption-budget.ts';
import { pods } from '../../domain/resources/pod.ts';
import { replicaSets } from '../../domain/resources/replica-set.ts';
import { ResourceCatalog } from '../../domain/resources/resource-catalog.ts';

const key = { namespace: 'default', name: 'web' };
const labels = { app: 'web' };
const replicas = 5;

/** What the budget asks to be kept, and the same as a number of pods. */
const budgets: readonly (readonly [NonNullable<PodDisruptionBudget['spec']>, number])[] = [
  [{ minAvailable: 3 }, 3],
  [{ minAvailable: '80%' }, 4],
  [{ maxUnavailable: 1 }, 4],
  [{ maxUnavailable: '40%' }, 3],
];

const isHealthy = (pod: Pod): boolean => isPodReady(pod) && isPodActive(pod);

/** A ReplicaSet under a budget, and several people who drain the node at once. */
class World {
  readonly violations: string[] = [];
  readonly device: Device;
  readonly #spec: NonNullable<PodDisruptionBudget['spec']>;
  readonly #wanted: number;
  evicted = 0;

  constructor(random: Random, isSlow: boolean) {
    const [spec, wanted] = random.pick(budgets);
    const unhealthyPodEvictionPolicy = random.pick(['IfHealthyBudget', 'AlwaysAllow']);
    this.#spec = { ...spec, unhealthyPodEvictionPolicy, selector: { matchLabels: labels } };
    this.#wanted = wanted;
    this.device = new Device({
      random,
      isSlow,
      mayFail: ({ definition }) => ['Pod', 'PodDisruptionBudget'].includes(definition.kind),
      run: (cluster) => this.#run(cluster),
    });
  }

  get pods(): Pod[] {
    return this.device.cluster.registry.all(pods, 'default');
  }

  start(): Promise<void> {
    return this.device.start(async ({ registry }) => {
      const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } };
      await registry.create(replicaSets, {
        metadata: key,
        spec: { replicas, selector: { matchLabels: labels }, template },
      });
      await registry.create(podDisruptionBudgets, { metadata: key, spec: this.#spec });
    });
  }

  #run(cluster: Process): void {
    cluster.registry.subscribe(pods, ({ type, object, previous }) => {
      const stays = type !== 'DELETED' && isPodActive(object);
      if (!previous || !isPodActive(previous) || stays) return;
      this.evicted += 1;
      const healthy = this.pods.filter(isHealthy).length;
      if (isHealthy(previous) && healthy < this.#wanted) this.violations.push(`${healthy} of ${this.#wanted} are left`);
    });
    void startReplicaSetController(cluster);
    void startDisruptionController({ ...cluster, catalog: new ResourceCatalog(catalog) });
  }

  #evict(pod: Pod): Promise<void> {
    const { registry, clock } = this.device.cluster;
    const { name, namespace } = keyOf(pod);
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
    const call = {
      key: keyOf(pod),
      user: systemUser,
      query: new URLSearchParams(),
      body: { bytes: Buffer.from(JSON.stringify(body)), contentType: 'application/json' },
      warn: () => undefined,
    };
    const { create } = eviction.verbs as { create: (context: object, call: object) => Promise<unknown> };
    return attempting(() => create({ registry, clock }, call));
  }

  /** What a kubelet does: pods get ready, and go. */
  async progress(): Promise<void> {
    const { device } = this;
    const { random } = device;
    const going = random.pick(this.pods.filter(isPodTerminating));
    const waiting = random.pick(this.pods.filter((pod) => isPodActive(pod) && !isPodReady(pod)));
    if (going && (!waiting || random.maybe(0.4))) await device.delete(pods, going, { gracePeriodSeconds: 0 });
    else if (waiting) await device.show(waiting, 'ready');
  }

  /** Nobody waits for an eviction, so that it meets others, what the kubelet says, and the end of the process. */
  readonly happen = async (): Promise<void> => {
    const { random, cluster } = this.device;
    const some = this.pods.filter(() => random.maybe(0.4));
    if (random.maybe(0.5)) some.forEach((pod) => void this.#evict(pod));
    else if (random.maybe(0.1)) cluster.pass(1000 * random.below(10));
    await this.progress();
  };

  /** No trouble any more: all get ready, and the budget knows what it allows. */
  async finish(): Promise<void> {
    const { device } = this;
    expect(this.evicted).toBeGreaterThan(0);
    device.odds = 0;
    await inTheEnd(async () => {
      await this.progress();
      device.cluster.pass(60_000);
      await device.quiet();
      expect(this.pods.map(isHealthy)).toEqual(Array(replicas).fill(true));
    });
    // Longer than an eviction is remembered that came to nothing; timers go by another clock, so the budget is touched.
    device.cluster.pass(200_000);
    const annotations = { now: device.cluster.clock.now().toISOString() };
    const { registry } = device.cluster;
    const touched = (budget: PodDisruptionBudget) => ({ ...budget, metadata: { ...budget.metadata, annotations } });
    await registry.update(podDisruptionBudgets, key, touched);
    await inTheEnd(async () => {
      await device.quiet();
      const { status } = registry.get(podDisruptionBudgets, key);
      expect(status).toMatchObject({
        currentHealthy: replicas,
        desiredHealthy: this.#wanted,
        expectedPods: replicas,
        disruptionsAllowed: replicas - this.#wanted,
      });
      expect(status).not.toHaveProperty('disruptedPods');
    });
  }
}

describe('whatever happens, evictions leave as many healthy pods as the budget asks for', () => {
  test.each(seeds(12))('with time in between (seed %i)', async (seed) => {
    expect(await quietLife(new World(seededRandom(seed), false), 60)).toEqual([]);
  });

  test.each(seeds(12))('all at once and with crashes (seed %i)', async (seed) => {
    expect(await hastyLife(new World(seededRandom(1000 + seed), true), 100)).toEqual([]);
  });
});
