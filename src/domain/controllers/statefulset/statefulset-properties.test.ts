import { describe, expect, test, vi } from 'vitest';
import { keyOf, metaOf } from '../../meta/object-key.ts';
import { seededRandom, type Random } from '../../meta/seeded-random.ts';
import type { Pod, StatefulSet } from '../../meta/types.ts';
import type { ObjectStore } from '../../registry/object-store.ts';
import { memoryObjectStore } from '../../registry/registry-fixture.ts';
import { pods } from '../../resources/pod.ts';
import { statefulSets } from '../../resources/stateful-set.ts';
import { statusOf } from '../fake-kubelet.ts';
import { isPodReady, isPodTerminal, isPodTerminating } from '../pod-lifecycle.ts';
import { attempting, restart, slowStore, startProcess, turns, type Machine, type Process } from '../property-world.ts';
import { imageOf, quiet } from '../test-cluster.ts';
import { memberOf, ordinalsOf, partitionOrdinal } from './ordinals.ts';
import { startStatefulSetController } from './statefulset-controller.ts';

const key = { namespace: 'default', name: 'db' };

type Spec = NonNullable<StatefulSet['spec']>;

const template = (version: number): Spec['template'] => ({
  metadata: { labels: { app: 'db' } },
  spec: { containers: [{ name: 'db', image: `db:${version}` }] },
});

const randomSet = (random: Random): StatefulSet => ({
  metadata: { name: 'db', namespace: 'default' },
  spec: {
    replicas: 1 + random.below(5),
    serviceName: 'db',
    podManagementPolicy: random.pick(['OrderedReady', 'Parallel']),
    ordinals: { start: random.below(3) },
    updateStrategy: {
      type: 'RollingUpdate',
      rollingUpdate: { partition: random.below(3), maxUnavailable: 1 + random.below(2) },
    },
    selector: { matchLabels: { app: 'db' } },
    template: template(0),
  },
});

const ordinalOf = (pod: Pod): number => memberOf(pod)!.ordinal;
const isServing = (pod: Pod): boolean => isPodReady(pod) && !isPodTerminating(pod) && !isPodTerminal(pod);

class World {
  readonly violations: string[] = [];
  readonly #random: Random;
  readonly #machine: Machine;
  cluster!: Process;
  /** Whom the world itself is deleting now. */
  #deleting = '';

  constructor(random: Random, disk: ObjectStore) {
    this.#random = random;
    this.#machine = { random, disk, trouble: { odds: 0.1 } };
  }

  get set(): StatefulSet {
    return this.cluster.registry.get(statefulSets, key);
  }

  get pods(): Pod[] {
    return this.cluster.registry.all(pods, 'default');
  }

  async start(): Promise<void> {
    this.cluster = await startProcess(this.#machine);
    await this.cluster.registry.create(statefulSets, randomSet(this.#random));
    this.#watch();
  }

  async crash(): Promise<void> {
    this.cluster = await restart(this.#machine, this.cluster);
    this.#watch();
  }

  #watch(): void {
    this.cluster.registry.subscribe(pods, ({ type, object, previous }) => {
      if (type === 'ADDED') this.#added(object);
      const goes = previous && !isPodTerminating(previous) && (type === 'DELETED' || isPodTerminating(object));
      if (goes && metaOf(object).name !== this.#deleting) this.#takenAway(previous);
    });
    void startStatefulSetController(this.cluster);
  }

  #wanted(): Pod[] {
    const ordinals = ordinalsOf(this.set);
    return this.pods.filter((pod) => ordinals.includes(ordinalOf(pod)));
  }

  #added(pod: Pod): void {
    const { set } = this;
    const ordinal = ordinalOf(pod);
    const before = ordinalsOf(set).filter((each) => each < ordinal);
    const serving = new Set(this.pods.filter(isServing).map(ordinalOf));
    if (!ordinalsOf(set).includes(ordinal)) this.violations.push(`order: nobody asked for ${ordinal}`);
    if (set.spec?.podManagementPolicy === 'OrderedReady' && !before.every((each) => serving.has(each)))
      this.violations.push(`order: ${ordinal} came before its time`);
    if (ordinal < partitionOrdinal(set) && imageOf(pod) !== 'db:0')
      this.violations.push(`partition: ${ordinal} is ${imageOf(pod)}`);
  }

  #takenAway(pod: Pod): void {
    if (!isServing(pod)) return;
    const { set } = this;
    const serving = this.#wanted().filter(isServing).length;
    const allowed = (set.spec?.replicas ?? 1) - Number(set.spec?.updateStrategy?.rollingUpdate?.maxUnavailable);
    if (ordinalsOf(set).includes(ordinalOf(pod))) {
      if (serving < allowed) this.violations.push(`order: ${serving} serve of ${allowed}`);
    } else if (set.spec?.podManagementPolicy === 'OrderedReady') {
      const later = this.pods.some((other) => ordinalOf(other) > ordinalOf(pod));
      if (later) this.violations.push(`order: ${ordinalOf(pod)} went before its time`);
    }
  }

  #show(pod: Pod, outcome: Parameters<typeof statusOf>[1]): Promise<void> {
    const { registry, clock } = this.cluster;
    const shown = (current: Pod): Pod => ({ ...current, status: statusOf(current, outcome, '10.88.0.1', clock) });
    return attempting(() => registry.update(pods, keyOf(pod), shown, { subresource: 'status' }));
  }

  change(spec: Partial<Spec>): Promise<void> {
    const changed = (set: StatefulSet): StatefulSet => ({ ...set, spec: { ...set.spec!, ...spec } });
    return attempting(() => this.cluster.registry.update(statefulSets, key, changed));
  }

  async #delete(pod: Pod | undefined, options: object = {}): Promise<void> {
    if (!pod) return;
    this.#deleting = metaOf(pod).name ?? '';
    await attempting(() => this.cluster.registry.delete(pods, keyOf(pod), options));
    this.#deleting = '';
  }

  /** What a kubelet does: pods get ready, and go. */
  async progress(): Promise<void> {
    const going = this.#random.pick(this.pods.filter(isPodTerminating));
    const waiting = this.#random.pick(this.pods.filter((pod) => !isServing(pod) && !isPodTerminating(pod)));
    if (going && (!waiting || this.#random.maybe(0.5))) await this.#delete(going, { gracePeriodSeconds: 0 });
    else if (waiting && !isPodTerminal(waiting)) await this.#show(waiting, 'ready');
  }

  /** What may happen next in the world around the controller. */
  async happen(): Promise<void> {
    const random = this.#random;
    const pod = random.pick(this.pods);
    const events: readonly (() => Promise<void>)[] = [
      () => this.change({ template: template(random.below(4)) }),
      () => this.change({ replicas: 1 + random.below(5) }),
      async () => pod && this.#show(pod, 'running'),
      async () => pod && this.#show(pod, 'failed'),
      () => this.#delete(pod),
      async () => this.cluster.pass(1000 * random.below(5)),
    ];
    if (random.maybe(0.7)) await this.progress();
    else await random.pick(events)();
  }

  /** Longer than pods that have failed are waited for; timers go by another clock, so the set is touched. */
  async #waitLong(): Promise<void> {
    if (!this.pods.some(isPodTerminal)) return;
    this.cluster.pass(3_600_000);
    const annotations = { now: this.cluster.clock.now().toISOString() };
    const touched = (set: StatefulSet): StatefulSet => ({ ...set, metadata: { ...set.metadata, annotations } });
    await attempting(() => this.cluster.registry.update(statefulSets, key, touched));
  }

  /** No trouble any more, a last version, and everybody does what they should: it ends as it was asked for. */
  async finish(): Promise<void> {
    this.#machine.trouble.odds = 0;
    await this.change({ template: template(100) });
    await vi.waitFor(
      async () => {
        await this.#waitLong();
        await this.progress();
        await quiet(this.cluster);
        const wanted = ordinalsOf(this.set).map((ordinal) => ({
          ordinal,
          image: ordinal < partitionOrdinal(this.set) ? 'db:0' : 'db:100',
          serves: true,
        }));
        expect(
          this.pods.map((pod) => ({ ordinal: ordinalOf(pod), image: imageOf(pod), serves: isServing(pod) })),
        ).toEqual(wanted);
        expect(this.set.status).toMatchObject({
          replicas: wanted.length,
          readyReplicas: wanted.length,
          updatedReplicas: wanted.filter(({ image }) => image === 'db:100').length,
        });
      },
      { timeout: 10_000, interval: 1 },
    );
  }
}

const seeds = Array.from({ length: 15 }, (_, i) => i + 1);

describe('whatever happens', () => {
  test.each(seeds)('with time in between, order, partition and availability are kept (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const world = new World(random, memoryObjectStore());
    await world.start();
    for (let step = 0; step < 80; step++) {
      await quiet(world.cluster);
      await world.happen();
    }
    await quiet(world.cluster);
    await world.finish();
    expect(world.violations).toEqual([]);
  });

  test.each(seeds)(
    'all at once and with crashes, the partition is kept and it ends as asked for (seed %i)',
    async (seed) => {
      const random = seededRandom(1000 + seed);
      const world = new World(random, slowStore(random));
      await world.start();
      for (let step = 0; step < 100; step++) {
        await turns(random.below(6));
        if (random.maybe(0.04)) await world.crash();
        else await world.happen();
      }
      await world.finish();
      expect(world.violations.filter((text) => text.startsWith('partition'))).toEqual([]);
    },
  );
});
