import { describe, expect, test, vi } from 'vitest';
import { keyOf, metaOf } from '../../meta/object-key.ts';
import { seededRandom, type Random } from '../../meta/seeded-random.ts';
import type { DaemonSet, Node, Pod } from '../../meta/types.ts';
import type { ObjectStore } from '../../registry/object-store.ts';
import { memoryObjectStore } from '../../registry/registry-fixture.ts';
import { daemonSets } from '../../resources/daemon-set.ts';
import { nodes } from '../../resources/node.ts';
import { pods } from '../../resources/pod.ts';
import { statusOf } from '../fake-kubelet.ts';
import { isPodReady, isPodTerminal, isPodTerminating } from '../pod-lifecycle.ts';
import { attempting, restart, slowStore, startProcess, turns, type Machine, type Process } from '../property-world.ts';
import { imageOf, quiet } from '../test-cluster.ts';
import { startDaemonSetController } from './daemonset-controller.ts';

const key = { namespace: 'default', name: 'agent' };
const nodeKey = { namespace: '', name: 'plc-1' };

type Spec = NonNullable<DaemonSet['spec']>;

const template = (version: number): Spec['template'] => ({
  metadata: { labels: { app: 'agent' } },
  spec: { containers: [{ name: 'agent', image: `agent:${version}` }], nodeSelector: { zone: 'hall-1' } },
});

const randomSet = (random: Random): DaemonSet => ({
  metadata: { name: 'agent', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: template(0),
    updateStrategy: {
      type: 'RollingUpdate',
      rollingUpdate: random.maybe(0.5) ? { maxSurge: 1, maxUnavailable: 0 } : { maxUnavailable: 1 },
    },
  },
});

const isStanding = (pod: Pod): boolean => !isPodTerminating(pod) && !isPodTerminal(pod);
const isServing = (pod: Pod): boolean => isPodReady(pod) && isStanding(pod);

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

  get pods(): Pod[] {
    return this.cluster.registry.all(pods, 'default');
  }

  get set(): DaemonSet {
    return this.cluster.registry.get(daemonSets, key);
  }

  async start(): Promise<void> {
    this.cluster = await startProcess(this.#machine);
    await this.cluster.registry.create(nodes, { metadata: { name: 'plc-1', labels: { zone: 'hall-1' } } });
    await this.cluster.registry.create(daemonSets, randomSet(this.#random));
    this.#watch();
  }

  async crash(): Promise<void> {
    this.cluster = await restart(this.#machine, this.cluster);
    this.#watch();
  }

  #watch(): void {
    this.cluster.registry.subscribe(pods, ({ type, object, previous }) => {
      const most = 1 + Number(this.set.spec?.updateStrategy?.rollingUpdate?.maxSurge ?? 0);
      const here = this.pods.filter((pod) => !(isPodTerminal(pod) && isPodTerminating(pod))).length;
      if (type === 'ADDED' && here > most) this.violations.push(`pods: ${here} of ${most}`);
      const goes = previous && isServing(previous) && !(type !== 'DELETED' && isStanding(object));
      if (goes && metaOf(object).name !== this.#deleting && !isPodTerminal(object)) this.#takenAway();
    });
    void startDaemonSetController({ ...this.cluster, nodeName: 'plc-1' });
  }

  /** Who surges is promised that one pod serves all the time, as long as there is a place for it. */
  #takenAway(): void {
    const { spec } = this.cluster.registry.get(nodes, nodeKey);
    const surges = this.set.spec?.updateStrategy?.rollingUpdate?.maxSurge === 1;
    if (surges && !spec?.taints && !this.pods.some(isServing)) this.violations.push('serving: none is left');
  }

  #show(pod: Pod, outcome: Parameters<typeof statusOf>[1]): Promise<void> {
    const { registry, clock } = this.cluster;
    const shown = (current: Pod): Pod => ({ ...current, status: statusOf(current, outcome, '10.88.0.1', clock) });
    return attempting(() => registry.update(pods, keyOf(pod), shown, { subresource: 'status' }));
  }

  #change(spec: Partial<Spec>): Promise<void> {
    const changed = (set: DaemonSet): DaemonSet => ({ ...set, spec: { ...set.spec!, ...spec } });
    return attempting(() => this.cluster.registry.update(daemonSets, key, changed));
  }

  async #delete(pod: Pod, options: object = {}): Promise<void> {
    this.#deleting = metaOf(pod).name ?? '';
    await attempting(() => this.cluster.registry.delete(pods, keyOf(pod), options));
    this.#deleting = '';
  }

  #taint(effect: string | undefined): Promise<void> {
    const tainted = ({ spec, ...node }: Node): Node => {
      const { taints: _before, ...others } = spec ?? {};
      return { ...node, spec: effect ? { ...others, taints: [{ key: 'kiln', effect }] } : others };
    };
    return attempting(() => this.cluster.registry.update(nodes, nodeKey, tainted));
  }

  /** What a kubelet does: pods get ready, and go. */
  async progress(): Promise<void> {
    const going = this.#random.pick(this.pods.filter(isPodTerminating));
    const waiting = this.#random.pick(this.pods.filter((pod) => isStanding(pod) && !isServing(pod)));
    if (going && (!waiting || this.#random.maybe(0.5))) await this.#delete(going, { gracePeriodSeconds: 0 });
    else if (waiting) await this.#show(waiting, 'ready');
  }

  async happen(): Promise<void> {
    const random = this.#random;
    const pod = random.pick(this.pods);
    const events: readonly (() => Promise<void>)[] = [
      () => this.#change({ template: template(random.below(4)) }),
      () => this.#change({ template: template(random.below(4)) }),
      async () => pod && this.#show(pod, 'running'),
      async () => pod && this.#show(pod, 'failed'),
      async () => pod && this.#delete(pod),
      () => this.#taint(random.pick(['NoSchedule', 'NoExecute', undefined, undefined])),
      async () => this.cluster.pass(1000 * random.below(5)),
    ];
    if (random.maybe(0.6)) await this.progress();
    else await random.pick(events)();
  }

  /** No trouble any more, a last version, and everybody does what they should: it ends as it was asked for. */
  async finish(): Promise<void> {
    this.#machine.trouble.odds = 0;
    await this.#taint(undefined);
    // Longer than any pod that has failed is waited for.
    this.cluster.pass(3_600_000);
    await this.#change({ template: template(100) });
    await vi.waitFor(
      async () => {
        await this.progress();
        await quiet(this.cluster);
        expect(this.pods.map((pod) => ({ image: imageOf(pod), serves: isServing(pod) }))).toEqual([
          { image: 'agent:100', serves: true },
        ]);
        expect(this.set.status).toMatchObject({
          desiredNumberScheduled: 1,
          updatedNumberScheduled: 1,
          numberAvailable: 1,
          numberUnavailable: 0,
        });
      },
      { timeout: 10_000, interval: 1 },
    );
  }
}

const seeds = Array.from({ length: 15 }, (_, i) => i + 1);

describe('whatever happens', () => {
  test.each(seeds)('with time in between, one pod serves and none is too many (seed %i)', async (seed) => {
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
    'all at once and with crashes, none is too many and it ends as asked for (seed %i)',
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
      expect(world.violations.filter((text) => text.startsWith('pods'))).toEqual([]);
    },
  );
});
