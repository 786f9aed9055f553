import { describe, expect, test } from 'vitest';
import { resourceQuota } from '../../domain/admission/resource-quota.ts';
import { isPodTerminal } from '../../domain/controllers/pod-lifecycle.ts';
import {
  attempting,
  Device,
  hastyLife,
  inTheEnd,
  type Process,
  quietLife,
  seeds,
} from '../../domain/controllers/property-world.ts';
import { startResourceQuotaController } from '../../domain/controllers/quota/resource-quota-controller.ts';
import { quantityValue } from '../../domain/meta/quantity.ts';
import { seededRandom, type Random } from '../../domain/meta/seeded-random.ts';
import type { Pod, ResourceList } from '../../domain/meta/types.ts';
import { catalog as builtIn } from '../../domain/resources/catalog.ts';
import { configMaps } from '../../domain/resources/config-map.ts';
import { pods } from '../../domain/resources/pod.ts';
import { ResourceCatalog } from '../../domain/resources/resource-catalog.ts';
import { resourceQuotas } from '../../domain/resources/resource-quota.ts';

const catalog = new ResourceCatalog(builtIn);
const key = { namespace: 'plant', name: 'q' };

type Amounts = { pods: number; memory: number; configmaps: number };

const memoryOf = ({ spec }: Pod): number => Number(spec?.containers[0]?.resources?.requests?.['memory']);

/** A namespace with a quota, and many who want something in it at once. */
class World {
  readonly violations: string[] = [];
  readonly device: Device;
  /** It is only ever raised, so that what is there never is too much. */
  readonly #hard: Amounts = { pods: 2, memory: 500, configmaps: 2 };
  #made = 0;

  constructor(random: Random, isSlow: boolean) {
    this.device = new Device({
      random,
      isSlow,
      mayFail: ({ definition }) => ['Pod', 'ConfigMap', 'ResourceQuota'].includes(definition.kind),
      plugins: (clock) => [resourceQuota({ clock })],
      run: (cluster) => this.#run(cluster),
    });
  }

  get #registry() {
    return this.device.cluster.registry;
  }

  get used(): Amounts {
    const running = this.#registry.all(pods, key.namespace).filter((pod) => !isPodTerminal(pod));
    return {
      pods: running.length,
      memory: running.reduce((sum, pod) => sum + memoryOf(pod), 0),
      configmaps: this.#registry.all(configMaps, key.namespace).length,
    };
  }

  get #list(): ResourceList {
    const { pods: count, memory, configmaps } = this.#hard;
    return { pods: String(count), 'requests.memory': String(memory), configmaps: String(configmaps) };
  }

  start(): Promise<void> {
    return this.device.start(({ registry }) =>
      registry.create(resourceQuotas, { metadata: key, spec: { hard: this.#list } }),
    );
  }

  #run(cluster: Process): void {
    const check = () => {
      const { used } = this;
      for (const name of ['pods', 'memory', 'configmaps'] as const)
        if (used[name] > this.#hard[name]) this.violations.push(`${name}: ${used[name]} of ${this.#hard[name]}`);
    };
    cluster.registry.subscribe(pods, check);
    cluster.registry.subscribe(configMaps, check);
    void startResourceQuotaController({ ...cluster, catalog });
  }

  #create(): Promise<unknown> {
    const { random } = this.device;
    const metadata = { namespace: key.namespace, name: `o${++this.#made}` };
    const requests = { memory: String(100 * (1 + random.below(4))) };
    const pod: Pod = { metadata, spec: { containers: [{ name: 'c', image: 'i', resources: { requests } }] } };
    return attempting(() =>
      random.maybe(0.6) ? this.#registry.create(pods, pod) : this.#registry.create(configMaps, { metadata }),
    );
  }

  #raise(): Promise<void> {
    const { random } = this.device;
    this.#hard.pods += random.below(2);
    this.#hard.memory += 100 * random.below(3);
    this.#hard.configmaps += random.below(2);
    const hard = this.#list;
    return attempting(() =>
      this.#registry.update(resourceQuotas, key, (now) => ({ ...now, spec: { ...now.spec, hard } })),
    );
  }

  readonly happen = async (): Promise<void> => {
    const { device } = this;
    const { random } = device;
    const pod = random.pick(this.#registry.all(pods));
    const configMap = random.pick(this.#registry.all(configMaps));
    const events: readonly (() => Promise<unknown> | undefined)[] = [
      () => this.#create(),
      () => Promise.all([this.#create(), this.#create(), this.#create()]),
      () => Promise.all([this.#create(), pod && device.show(pod, 'succeeded'), this.#create()]),
      () => pod && device.show(pod, 'failed'),
      () => pod && device.delete(pods, pod, { gracePeriodSeconds: 0 }),
      () => configMap && device.delete(configMaps, configMap),
      () => (random.maybe(0.3) ? this.#raise() : undefined),
    ];
    await random.pick(events)();
  };

  /** No trouble any more: the quota tells what is used, and so much more can be had as is left. */
  async finish(): Promise<void> {
    const { device } = this;
    device.odds = 0;
    await this.#raise();
    await inTheEnd(async () => {
      await device.quiet();
      const { used } = this.#registry.get(resourceQuotas, key).status ?? {};
      const shown = {
        pods: Number(used?.['pods']),
        memory: quantityValue(used?.['requests.memory'] ?? ''),
        configmaps: Number(used?.['configmaps']),
      };
      expect(shown).toEqual(this.used);
    });
    for (let left = this.#hard.configmaps - this.used.configmaps; left > 0; left--) {
      const metadata = { namespace: key.namespace, name: `last-${left}` };
      await this.#registry.create(configMaps, { metadata });
    }
    const oneMore = { metadata: { namespace: key.namespace, name: 'one-more' } };
    await expect(this.#registry.create(configMaps, oneMore)).rejects.toThrow('exceeded quota');
  }
}

describe('whatever happens, no more is used than the quota allows, and it tells how much that is', () => {
  test.each(seeds(12))('with time in between (seed %i)', async (seed) => {
    expect(await quietLife(new World(seededRandom(seed), false), 60)).toEqual([]);
  });

  test.each(seeds(12))('all at once and with crashes (seed %i)', async (seed) => {
    expect(await hastyLife(new World(seededRandom(1000 + seed), true), 120)).toEqual([]);
  });
});
