import { describe, expect, test } from 'vitest';
import { nodeAssignment } from '../../domain/admission/node-assignment.ts';
import { keyOf, metaOf } from '../../domain/meta/object-key.ts';
import { seededRandom, type Random } from '../../domain/meta/seeded-random.ts';
import type { Pod } from '../../domain/meta/types.ts';
import { isPodTerminating } from '../../domain/controllers/pod-lifecycle.ts';
import {
  attempting,
  Device,
  inTheEnd,
  liveHastily,
  liveQuietly,
  type Process,
  seeds,
} from '../../domain/controllers/property-world.ts';
import { startScheduler } from '../../domain/controllers/scheduling/scheduler.ts';
import { namesOf } from '../../domain/controllers/test-cluster.ts';
import { priorityOf, takesRoom } from '../../domain/resources/neighbourhood.ts';
import { nodes } from '../../domain/resources/node.ts';
import { pods } from '../../domain/resources/pod.ts';

const nodeName = 'plc-1';
const nodeKey = { namespace: '', name: nodeName };
const capacity = 1000;
const mostPods = 6;

const memoryOf = ({ spec }: Pod): number => Number(spec?.containers[0]?.resources?.requests?.['memory']);
const total = (list: readonly Pod[]): number => list.reduce((sum, pod) => sum + memoryOf(pod), 0);
const fits = (list: readonly Pod[]): boolean => total(list) <= capacity && list.length <= mostPods;

const isWaiting = (pod: Pod): boolean => !pod.spec?.nodeName && !isPodTerminating(pod);
const isPatient = ({ spec }: Pod): boolean => spec?.preemptionPolicy === 'Never';
const stays = (pod: Pod): boolean => takesRoom(pod) && !isPodTerminating(pod);

/** One node with room for a few pods of several sizes and importances, which come and go. */
class World {
  readonly violations: string[] = [];
  readonly device: Device;
  #made = 0;
  /** Whom somebody was told to make room for since the last step. */
  victims: Pod[] = [];

  constructor(random: Random, isSlow: boolean) {
    this.device = new Device({
      random,
      isSlow,
      mayFail: ({ definition }) => definition.kind === 'Pod',
      placement: (clock) => [nodeAssignment({ nodeName, clock })],
      measure: (cluster) => this.#tellNode(cluster),
      run: (cluster) => this.#run(cluster),
    });
  }

  get pods(): Pod[] {
    return this.device.cluster.registry.all(pods);
  }

  start(): Promise<void> {
    return this.device.start();
  }

  /** What a node has is no intent: whoever starts k2d measures it. */
  async #tellNode({ registry }: Process): Promise<void> {
    if (!registry.find(nodes, nodeKey)) await registry.create(nodes, { metadata: { name: nodeName } });
    const allocatable = { memory: String(capacity), cpu: '9', pods: String(mostPods) };
    await registry.update(nodes, nodeKey, (node) => ({ ...node, status: { ...node.status, allocatable } }), {
      subresource: 'status',
    });
  }

  #run(cluster: Process): void {
    cluster.registry.subscribe(pods, ({ type, object, previous }) => {
      const here = this.pods.filter(takesRoom);
      if (!fits(here)) this.violations.push(`capacity: ${total(here)} in ${here.length} pods`);
      const goes = type === 'MODIFIED' && previous && !isPodTerminating(previous) && isPodTerminating(object);
      if (goes && metaOf(object).name !== this.device.deleting) this.#preempted(object);
    });
    void startScheduler({ ...cluster, nodeName });
  }

  #preempted(victim: Pod): void {
    this.victims.push(victim);
    const hasGain = this.pods.some(
      (pod) =>
        priorityOf(pod) > priorityOf(victim) &&
        !isPatient(pod) &&
        // It was promised the place, or has it already.
        (pod.status?.nominatedNodeName !== undefined || stays(pod)),
    );
    if (!hasGain) this.violations.push(`victims: nobody more important than ${metaOf(victim).name}`);
  }

  #create(): Promise<void> {
    const { random, cluster } = this.device;
    const name = `p${++this.#made}`;
    const memory = String(100 * (1 + random.below(7)));
    return attempting(() =>
      cluster.registry.create(pods, {
        metadata: { namespace: 'default', name },
        spec: {
          priority: random.below(4),
          preemptionPolicy: random.maybe(0.2) ? 'Never' : 'PreemptLowerPriority',
          containers: [{ name: 'c', image: 'i', resources: { requests: { memory } } }],
        },
      }),
    );
  }

  #cordon(unschedulable: boolean): Promise<void> {
    const { registry } = this.device.cluster;
    return attempting(() => registry.update(nodes, nodeKey, (node) => ({ ...node, spec: { unschedulable } })));
  }

  /** What a kubelet does: pods run, end and go. */
  async progress(): Promise<void> {
    const { device } = this;
    const { random } = device;
    const going = random.pick(this.pods.filter(isPodTerminating));
    if (going) return device.delete(pods, going, { gracePeriodSeconds: 0 });
  }

  readonly happen = async (): Promise<void> => {
    const { device } = this;
    const { random } = device;
    this.victims = [];
    const pod = random.pick(this.pods.filter((each) => !isPodTerminating(each)));
    const events: readonly (() => Promise<unknown>)[] = [
      () => this.#create(),
      () => this.#create(),
      () => Promise.all([this.#create(), this.#create(), this.progress()]),
      async () => pod && device.delete(pods, pod),
      async () => pod?.spec?.nodeName && device.show(pod, 'succeeded'),
      () => this.#cordon(random.maybe(0.3)),
    ];
    if (random.maybe(0.4)) await this.progress();
    else await random.pick(events)();
  };

  /** Between two steps nobody has been sent away in vain, nor more than there had to be. */
  check(): void {
    const { victims } = this;
    const promised = this.pods.filter((pod) => isWaiting(pod) && pod.status?.nominatedNodeName);
    const settled = [...this.pods.filter(stays), ...promised];
    if (!fits(settled)) this.violations.push(`promises: ${total(settled)} in ${settled.length} pods`);
    for (const victim of victims) {
      const important = settled.filter((pod) => priorityOf(pod) >= priorityOf(victim));
      if (fits([...settled, victim]) && important.length > 0)
        this.violations.push(`victims: ${metaOf(victim).name} could have stayed`);
    }
  }

  /** No trouble any more, and whoever is to go goes: nobody waits who has room, or who is more important than others that have it. */
  async finish(): Promise<void> {
    this.device.odds = 0;
    await this.#cordon(false);
    await inTheEnd(async () => {
      await this.progress();
      await this.device.quiet();
      expect(namesOf(this.pods.filter(isPodTerminating))).toEqual([]);
      const here = this.pods.filter(stays);
      const wrong = this.pods.filter(isWaiting).filter((pod) => {
        const inTheWay = isPatient(pod) ? here : here.filter((other) => priorityOf(other) >= priorityOf(pod));
        return fits([...inTheWay, pod]);
      });
      expect(namesOf(wrong)).toEqual([]);
    });
  }

  /** Who is where. */
  get shape() {
    return this.pods.map((pod) => [keyOf(pod).name, pod.spec?.nodeName, isPodTerminating(pod)]);
  }
}

describe('whatever happens', () => {
  test.each(seeds(12))('with time in between, only the less important go, and none in vain (seed %i)', async (seed) => {
    const world = new World(seededRandom(seed), false);
    await world.start();
    world.device.odds = 0;
    for (let step = 0; step < 60; step++) {
      await liveQuietly(world, 1);
      world.check();
    }
    await world.finish();
    expect(world.violations).toEqual([]);
  });

  test.each(seeds(12))('all at once and with crashes, the node is never too full (seed %i)', async (seed) => {
    const world = new World(seededRandom(1000 + seed), true);
    await world.start();
    await liveHastily(world, 100);
    await world.finish();
    const { shape } = world;
    await world.device.crash();
    await world.device.quiet();
    expect(world.shape).toEqual(shape);
    expect(world.violations).toEqual([]);
  });
});
