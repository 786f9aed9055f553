import { describe, expect, test } from 'vitest';
import { metaOf } from '../../meta/object-key.ts';
import { seededRandom, type Random } from '../../meta/seeded-random.ts';
import type { Pod, StatefulSet } from '../../meta/types.ts';
import { pods } from '../../resources/pod.ts';
import { statefulSets } from '../../resources/stateful-set.ts';
import { isPodReady, isPodTerminal, isPodTerminating } from '../pod-lifecycle.ts';
import { Device, hastyLife, inTheEnd, type Process, quietLife, seeds } from '../property-world.ts';
import { imageOf } from '../test-cluster.ts';
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
  readonly device: Device;

  constructor(random: Random, isSlow: boolean) {
    this.device = new Device({ random, isSlow, run: (cluster) => this.#run(cluster) });
  }

  get set(): StatefulSet {
    return this.device.cluster.registry.get(statefulSets, key);
  }

  get pods(): Pod[] {
    return this.device.cluster.registry.all(pods, 'default');
  }

  start(): Promise<void> {
    const { device } = this;
    return device.start(({ registry }) => registry.create(statefulSets, randomSet(device.random)));
  }

  #run(cluster: Process): void {
    cluster.registry.subscribe(pods, ({ type, object, previous }) => {
      if (type === 'ADDED') this.#added(object);
      const goes = previous && !isPodTerminating(previous) && (type === 'DELETED' || isPodTerminating(object));
      if (goes && metaOf(object).name !== this.device.deleting) this.#takenAway(previous);
    });
    void startStatefulSetController(cluster);
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

  change(spec: Partial<Spec>): Promise<void> {
    return this.device.update(statefulSets, this.set, (set) => ({ ...set, spec: { ...set.spec!, ...spec } }));
  }

  /** What a kubelet does: pods get ready, and go. */
  async progress(): Promise<void> {
    const { device } = this;
    const { random } = device;
    const going = random.pick(this.pods.filter(isPodTerminating));
    const waiting = random.pick(this.pods.filter((pod) => !isServing(pod) && !isPodTerminating(pod)));
    if (going && (!waiting || random.maybe(0.5))) await device.delete(pods, going, { gracePeriodSeconds: 0 });
    else if (waiting && !isPodTerminal(waiting)) await device.show(waiting, 'ready');
  }

  /** What may happen next in the world around the controller. */
  readonly happen = async (): Promise<void> => {
    const { device } = this;
    const { random } = device;
    const pod = random.pick(this.pods);
    const events: readonly (() => Promise<void>)[] = [
      () => this.change({ template: template(random.below(4)) }),
      () => this.change({ replicas: 1 + random.below(5) }),
      async () => pod && device.show(pod, 'running'),
      async () => pod && device.show(pod, 'failed'),
      async () => pod && device.delete(pods, pod),
      async () => device.cluster.pass(1000 * random.below(5)),
    ];
    if (random.maybe(0.7)) await this.progress();
    else await random.pick(events)();
  };

  /** Longer than pods that have failed are waited for; timers go by another clock, so the set is touched. */
  async #waitLong(): Promise<void> {
    if (!this.pods.some(isPodTerminal)) return;
    this.device.cluster.pass(3_600_000);
    const annotations = { now: this.device.cluster.clock.now().toISOString() };
    await this.device.update(statefulSets, this.set, (set) => ({ ...set, metadata: { ...set.metadata, annotations } }));
  }

  /** No trouble any more, a last version, and everybody does what they should: it ends as it was asked for. */
  async finish(): Promise<void> {
    this.device.odds = 0;
    await this.change({ template: template(100) });
    await inTheEnd(async () => {
      await this.#waitLong();
      await this.progress();
      await this.device.quiet();
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
    });
  }
}

describe('whatever happens', () => {
  test.each(seeds(15))('with time in between, order, partition and availability are kept (seed %i)', async (seed) => {
    expect(await quietLife(new World(seededRandom(seed), false), 80)).toEqual([]);
  });

  test.each(seeds(15))(
    'all at once and with crashes, the partition is kept and it ends as asked for (seed %i)',
    async (seed) => {
      const violations = await hastyLife(new World(seededRandom(1000 + seed), true), 100);
      expect(violations.filter((text) => text.startsWith('partition'))).toEqual([]);
    },
  );
});
