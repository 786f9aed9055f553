import { describe, expect, test } from 'vitest';
import { metaOf } from '../../meta/object-key.ts';
import { seededRandom, type Random } from '../../meta/seeded-random.ts';
import type { Pod } from '../../meta/types.ts';
import { pods } from '../../resources/pod.ts';
import { replicaSets } from '../../resources/replica-set.ts';
import { replicationControllers } from '../../resources/replication-controller.ts';
import { isControlledBy } from '../owner-references.ts';
import { isPodActive, isPodReady, isPodTerminating } from '../pod-lifecycle.ts';
import { attempting, Device, inTheEnd, liveHastily, liveQuietly, type Process, seeds } from '../property-world.ts';
import { startReplicaSetController } from './replicaset-controller.ts';
import type { Replicated } from './replicated.ts';
import { startReplicationManager } from './replication-manager.ts';

const key = { namespace: 'default', name: 'web' };
const labels = { app: 'web' };
const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } };

const kinds = {
  ReplicaSet: {
    start: startReplicaSetController,
    create: ({ registry }: Process) =>
      registry.create(replicaSets, {
        metadata: key,
        spec: { replicas: 3, selector: { matchLabels: labels }, template },
      }),
    get: ({ registry }: Process): Replicated => registry.get(replicaSets, key),
    scale: (device: Device, replicas: number) =>
      device.update(replicaSets, { metadata: key }, (now) => ({ ...now, spec: { ...now.spec!, replicas } })),
  },
  ReplicationController: {
    start: startReplicationManager,
    create: ({ registry }: Process) =>
      registry.create(replicationControllers, { metadata: key, spec: { replicas: 3, selector: labels, template } }),
    get: ({ registry }: Process): Replicated => registry.get(replicationControllers, key),
    scale: (device: Device, replicas: number) =>
      device.update(replicationControllers, { metadata: key }, (now) => ({ ...now, spec: { ...now.spec, replicas } })),
  },
};

/** A number of pods, some of which end, are deleted, run away or come from elsewhere. */
class World {
  readonly violations: string[] = [];
  readonly device: Device;
  readonly #kind: (typeof kinds)[keyof typeof kinds];
  #strangers = 0;
  /** How many were asked for, the last time last. */
  readonly #asked = [3];
  readonly #isSlow: boolean;

  constructor(kind: keyof typeof kinds, random: Random, isSlow: boolean) {
    this.#kind = kinds[kind];
    this.#isSlow = isSlow;
    this.device = new Device({ random, isSlow, run: (cluster) => this.#run(cluster) });
  }

  get owner(): Replicated {
    return this.#kind.get(this.device.cluster);
  }

  get #pods(): Pod[] {
    return this.device.cluster.registry.all(pods);
  }

  get own(): Pod[] {
    return this.#pods.filter((pod) => isPodActive(pod) && isControlledBy(pod, this.owner));
  }

  start(): Promise<void> {
    return this.device.start(this.#kind.create);
  }

  #run(cluster: Process): void {
    cluster.registry.subscribe(pods, ({ type, object }) => {
      // On a slow disk pods arrive that were asked for a while ago.
      const wanted = Math.max(...this.#asked.slice(this.#isSlow ? -4 : -1));
      if (type === 'ADDED' && isControlledBy(object, this.owner) && this.own.length > wanted)
        this.violations.push(`${this.own.length} of ${wanted}`);
    });
    void this.#kind.start(cluster);
  }

  #scale(replicas: number): Promise<void> {
    this.#asked.push(replicas);
    return this.#kind.scale(this.device, replicas);
  }

  #relabel(pod: Pod, app: string): Promise<void> {
    return this.device.update(pods, pod, (now) => ({ ...now, metadata: { ...metaOf(now), labels: { app } } }));
  }

  #stranger(): Promise<void> {
    const metadata = { namespace: 'default', name: `stranger-${++this.#strangers}`, labels };
    return attempting(() => this.device.cluster.registry.create(pods, { metadata, spec: template.spec }));
  }

  /** What a kubelet does: pods get ready, and go. */
  async progress(): Promise<void> {
    const { device } = this;
    const going = device.random.pick(this.#pods.filter(isPodTerminating));
    const waiting = device.random.pick(this.#pods.filter((pod) => isPodActive(pod) && !isPodReady(pod)));
    if (going && (!waiting || device.random.maybe(0.5))) await device.delete(pods, going, { gracePeriodSeconds: 0 });
    else if (waiting) await device.show(waiting, 'ready');
  }

  readonly happen = async (): Promise<void> => {
    const { device } = this;
    const { random } = device;
    const pod = random.pick(this.#pods);
    const events: readonly (() => Promise<unknown> | undefined)[] = [
      () => this.#scale(random.below(7)),
      () => pod && device.delete(pods, pod),
      () => pod && device.show(pod, random.pick(['failed', 'succeeded', 'running'])),
      () => pod && this.#relabel(pod, random.pick(['web', 'debugged'])),
      () => this.#stranger(),
      () => device.cluster.pass(1000 * random.below(5)) as undefined,
    ];
    if (random.maybe(0.6)) await this.progress();
    else await random.pick(events)();
  };

  /** No trouble any more: there are as many as asked for, and the status says so. */
  async finish(): Promise<void> {
    const { device } = this;
    device.odds = 0;
    await this.#scale(4);
    await inTheEnd(async () => {
      await this.progress();
      await device.quiet();
      expect(this.own.map(isPodReady)).toEqual([true, true, true, true]);
      expect(this.owner.status).toMatchObject({ replicas: 4, readyReplicas: 4, availableReplicas: 4 });
      const unowned = this.#pods.filter((pod) => isPodActive(pod) && metaOf(pod).labels?.['app'] === 'web');
      expect(unowned).toHaveLength(4);
    });
  }

  /** Who looks again finds nothing to do. */
  async lookAgain(): Promise<void> {
    const { registry } = this.device.cluster;
    const { resourceVersion } = registry;
    void this.#kind.start(this.device.cluster);
    await this.device.quiet();
    expect(registry.resourceVersion).toBe(resourceVersion);
  }
}

describe.each(['ReplicaSet', 'ReplicationController'] as const)(
  'whatever happens, a %s makes no pod too many',
  (kind) => {
    test.each(seeds(8))('with time in between (seed %i)', async (seed) => {
      const world = new World(kind, seededRandom(seed), false);
      await world.start();
      await liveQuietly(world, 80);
      await world.finish();
      await world.lookAgain();
      expect(world.violations).toEqual([]);
    });

    test.each(seeds(8))('all at once and with crashes (seed %i)', async (seed) => {
      const world = new World(kind, seededRandom(1000 + seed), true);
      await world.start();
      await liveHastily(world, 100);
      await world.finish();
      await world.lookAgain();
      expect(world.violations).toEqual([]);
    });
  },
);
