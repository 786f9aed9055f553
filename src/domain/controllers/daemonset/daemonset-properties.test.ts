import { describe, expect, test } from 'vitest';
import { metaOf } from '../../meta/object-key.ts';
import { seededRandom, type Random } from '../../meta/seeded-random.ts';
import type { DaemonSet, Node, Pod } from '../../meta/types.ts';
import { daemonSets } from '../../resources/daemon-set.ts';
import { nodes } from '../../resources/node.ts';
import { pods } from '../../resources/pod.ts';
import { isPodReady, isPodTerminal, isPodTerminating } from '../pod-lifecycle.ts';
import { attempting, Device, hastyLife, inTheEnd, type Process, quietLife, seeds } from '../property-world.ts';
import { imageOf } from '../test-cluster.ts';
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
  readonly device: Device;

  constructor(random: Random, isSlow: boolean) {
    this.device = new Device({ random, isSlow, run: (cluster) => this.#run(cluster) });
  }

  get pods(): Pod[] {
    return this.device.cluster.registry.all(pods, 'default');
  }

  get set(): DaemonSet {
    return this.device.cluster.registry.get(daemonSets, key);
  }

  start(): Promise<void> {
    return this.device.start(async ({ registry }) => {
      await registry.create(nodes, { metadata: { name: 'plc-1', labels: { zone: 'hall-1' } } });
      await registry.create(daemonSets, randomSet(this.device.random));
    });
  }

  #run(cluster: Process): void {
    cluster.registry.subscribe(pods, ({ type, object, previous }) => {
      const most = 1 + Number(this.set.spec?.updateStrategy?.rollingUpdate?.maxSurge ?? 0);
      const here = this.pods.filter((pod) => !(isPodTerminal(pod) && isPodTerminating(pod))).length;
      if (type === 'ADDED' && here > most) this.violations.push(`pods: ${here} of ${most}`);
      const goes = previous && isServing(previous) && !(type !== 'DELETED' && isStanding(object));
      if (goes && metaOf(object).name !== this.device.deleting && !isPodTerminal(object)) this.#takenAway();
    });
    void startDaemonSetController({ ...cluster, nodeName: 'plc-1' });
  }

  /** Who surges is promised that one pod serves all the time, as long as there is a place for it. */
  #takenAway(): void {
    const { spec } = this.device.cluster.registry.get(nodes, nodeKey);
    const surges = this.set.spec?.updateStrategy?.rollingUpdate?.maxSurge === 1;
    if (surges && !spec?.taints && !this.pods.some(isServing)) this.violations.push('serving: none is left');
  }

  #change(spec: Partial<Spec>): Promise<void> {
    return this.device.update(daemonSets, this.set, (set) => ({ ...set, spec: { ...set.spec!, ...spec } }));
  }

  #taint(effect: string | undefined): Promise<void> {
    const tainted = ({ spec, ...node }: Node): Node => {
      const { taints: _before, ...others } = spec ?? {};
      return { ...node, spec: effect ? { ...others, taints: [{ key: 'kiln', effect }] } : others };
    };
    return attempting(() => this.device.cluster.registry.update(nodes, nodeKey, tainted));
  }

  /** What a kubelet does: pods get ready, and go. */
  async progress(): Promise<void> {
    const { device } = this;
    const { random } = device;
    const going = random.pick(this.pods.filter(isPodTerminating));
    const waiting = random.pick(this.pods.filter((pod) => isStanding(pod) && !isServing(pod)));
    if (going && (!waiting || random.maybe(0.5))) await device.delete(pods, going, { gracePeriodSeconds: 0 });
    else if (waiting) await device.show(waiting, 'ready');
  }

  readonly happen = async (): Promise<void> => {
    const { device } = this;
    const { random } = device;
    const pod = random.pick(this.pods);
    const events: readonly (() => Promise<void>)[] = [
      () => this.#change({ template: template(random.below(4)) }),
      () => this.#change({ template: template(random.below(4)) }),
      async () => pod && device.show(pod, 'running'),
      async () => pod && device.show(pod, 'failed'),
      async () => pod && device.delete(pods, pod),
      () => this.#taint(random.pick(['NoSchedule', 'NoExecute', undefined, undefined])),
      async () => device.cluster.pass(1000 * random.below(5)),
    ];
    if (random.maybe(0.6)) await this.progress();
    else await random.pick(events)();
  };

  /** No trouble any more, a last version, and everybody does what they should: it ends as it was asked for. */
  async finish(): Promise<void> {
    this.device.odds = 0;
    await this.#taint(undefined);
    // Longer than any pod that has failed is waited for.
    this.device.cluster.pass(3_600_000);
    await this.#change({ template: template(100) });
    await inTheEnd(async () => {
      await this.progress();
      await this.device.quiet();
      expect(this.pods.map((pod) => ({ image: imageOf(pod), serves: isServing(pod) }))).toEqual([
        { image: 'agent:100', serves: true },
      ]);
      expect(this.set.status).toMatchObject({
        desiredNumberScheduled: 1,
        updatedNumberScheduled: 1,
        numberAvailable: 1,
        numberUnavailable: 0,
      });
    });
  }
}

describe('whatever happens', () => {
  test.each(seeds(15))('with time in between, one pod serves and none is too many (seed %i)', async (seed) => {
    expect(await quietLife(new World(seededRandom(seed), false), 80)).toEqual([]);
  });

  test.each(seeds(15))(
    'all at once and with crashes, none is too many and it ends as asked for (seed %i)',
    async (seed) => {
      const violations = await hastyLife(new World(seededRandom(1000 + seed), true), 100);
      expect(violations.filter((text) => text.startsWith('pods'))).toEqual([]);
    },
  );
});
