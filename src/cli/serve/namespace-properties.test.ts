import { describe, expect, test } from 'vitest';
import { namespaceLifecycle } from '../../domain/admission/namespace-lifecycle.ts';
import { startRootCaController } from '../../domain/controllers/access/root-ca-controller.ts';
import { startServiceAccountController } from '../../domain/controllers/access/service-account-controller.ts';
import { startNamespaceController } from '../../domain/controllers/namespace/namespace-controller.ts';
import { isPodTerminating } from '../../domain/controllers/pod-lifecycle.ts';
import {
  attempting,
  Device,
  hastyLife,
  inTheEnd,
  type Process,
  quietLife,
  seeds,
} from '../../domain/controllers/property-world.ts';
import { namesOf } from '../../domain/controllers/test-cluster.ts';
import { metaOf } from '../../domain/meta/object-key.ts';
import { seededRandom, type Random } from '../../domain/meta/seeded-random.ts';
import type { ConfigMap, KubernetesObject, Namespace, Pod } from '../../domain/meta/types.ts';
import { catalog as builtIn } from '../../domain/resources/catalog.ts';
import { configMaps } from '../../domain/resources/config-map.ts';
import { namespaces } from '../../domain/resources/namespace.ts';
import { pods } from '../../domain/resources/pod.ts';
import { ResourceCatalog } from '../../domain/resources/resource-catalog.ts';
import { serviceAccounts } from '../../domain/resources/service-account.ts';

const catalog = new ResourceCatalog(builtIn);
const names = ['shop', 'line', 'oven'];
const authority = 'the authority';
const rootCa = 'kube-root-ca.crt';
const hold = 'example.com/hold';

const isGoing = (object: KubernetesObject): boolean => metaOf(object).deletionTimestamp !== undefined;
const namespaceOf = (object: KubernetesObject): string => metaOf(object).namespace ?? '';

/** Namespaces that come and go, with content that comes and goes and is held. */
class World {
  readonly violations: string[] = [];
  readonly device: Device;
  #made = 0;
  readonly #told = new Set<string>();

  constructor(random: Random, isSlow: boolean) {
    this.device = new Device({
      random,
      isSlow,
      mayFail: () => true,
      plugins: () => [namespaceLifecycle()],
      run: (cluster) => this.#run(cluster),
    });
  }

  get #registry() {
    return this.device.cluster.registry;
  }

  #namespace(name: string): Namespace | undefined {
    return this.#registry.find(namespaces, { namespace: '', name });
  }

  content(namespace?: string): KubernetesObject[] {
    return catalog.stored
      .filter(({ scope }) => scope === 'Namespaced')
      .flatMap((definition) => this.#registry.all(definition, namespace));
  }

  start(): Promise<void> {
    return this.device.start();
  }

  #run(cluster: Process): void {
    cluster.registry.subscribe(namespaces, ({ type, object }) => {
      const left = type === 'DELETED' ? this.content(metaOf(object).name) : [];
      if (left.length > 0) this.violations.push(`${metaOf(object).name} went before ${namesOf(left).join()}`);
    });
    cluster.registry.subscribe(configMaps, ({ type, object }) => {
      if (type !== 'DELETED' || this.#told.has(metaOf(object).uid ?? '')) return;
      const running = this.#registry.all(pods, namespaceOf(object));
      if (running.length > 0) this.violations.push(`order: ${metaOf(object).name} before ${namesOf(running).join()}`);
    });
    void startNamespaceController({ ...cluster, catalog });
    void startServiceAccountController(cluster);
    void startRootCaController({ ...cluster, authority });
  }

  #createContent(namespace = this.device.random.pick(names)): Promise<unknown> {
    const { random } = this.device;
    const metadata = {
      namespace,
      name: `o${++this.#made}`,
      ...(random.maybe(0.2) ? { finalizers: [hold] } : {}),
    };
    const pod: Pod = { metadata, spec: { containers: [{ name: 'c', image: 'i' }] } };
    return attempting(() =>
      random.maybe(0.4) ? this.#registry.create(pods, pod) : this.#registry.create(configMaps, { metadata }),
    );
  }

  #change(configMap: ConfigMap): Promise<void> {
    const data = { 'ca.crt': 'forged' };
    return this.device.update(configMaps, configMap, (now) => ({ ...now, data }));
  }

  #delete(configMap: ConfigMap): Promise<void> {
    this.#told.add(metaOf(configMap).uid ?? '');
    return this.device.delete(configMaps, configMap);
  }

  #release(object: KubernetesObject): Promise<void> {
    const without = <T extends KubernetesObject>(now: T): T => ({
      ...now,
      metadata: { ...metaOf(now), finalizers: [] },
    });
    return object.kind === 'Pod'
      ? this.device.update(pods, object as Pod, without)
      : this.device.update(configMaps, object as ConfigMap, without);
  }

  /** What a kubelet does: pods go. */
  async progress(): Promise<void> {
    const going = this.device.random.pick(this.#registry.all(pods).filter(isPodTerminating));
    if (going) await this.device.delete(pods, going, { gracePeriodSeconds: 0 });
  }

  readonly happen = async (): Promise<void> => {
    const { device } = this;
    const { random } = device;
    const configMap = random.pick(this.#registry.all(configMaps));
    const account = random.pick(this.#registry.all(serviceAccounts));
    const held = random.pick(this.content().filter((object) => metaOf(object).finalizers?.length));
    const namespace = this.#namespace(random.pick(names));
    const events: readonly (() => Promise<unknown> | undefined)[] = [
      () => attempting(() => this.#registry.create(namespaces, { metadata: { name: random.pick(names) } })),
      () => attempting(() => this.#registry.create(namespaces, { metadata: { name: random.pick(names) } })),
      () => this.#createContent(),
      () => Promise.all([this.#createContent(), this.#createContent()]),
      () => namespace && device.delete(namespaces, namespace),
      () =>
        namespace && Promise.all([this.#createContent(metaOf(namespace).name), device.delete(namespaces, namespace)]),
      () => configMap && this.#change(configMap),
      () => configMap && this.#delete(configMap),
      () => account && device.delete(serviceAccounts, account),
      () => held && this.#release(held),
    ];
    if (random.maybe(0.2)) await this.progress();
    const event = random.pick(events)() ?? Promise.resolve();
    // Some do not wait for an answer.
    if (random.maybe(0.6)) await Promise.race([event, device.quiet()]);
  };

  /** No trouble any more, and nobody holds anything: what was told to go is gone, and every other namespace has what it should. */
  async finish(): Promise<void> {
    const { device } = this;
    device.odds = 0;
    await inTheEnd(async () => {
      for (const object of this.content().filter(({ metadata }) => metadata?.finalizers?.length))
        await this.#release(object);
      await this.progress();
      await device.quiet();
      const standing = this.#registry.all(namespaces);
      expect(namesOf(standing.filter(isGoing))).toEqual([]);
      expect(this.content().filter((object) => !this.#namespace(namespaceOf(object)))).toEqual([]);
      for (const name of namesOf(standing)) {
        expect(this.#registry.find(serviceAccounts, { namespace: name, name: 'default' })).toBeDefined();
        const published = this.#registry.find(configMaps, { namespace: name, name: rootCa });
        expect(published?.data).toEqual({ 'ca.crt': authority });
      }
    });
  }
}

describe('whatever happens, namespaces go when they are empty, pods first, and the others have their account and authority', () => {
  test.each(seeds(12))('with time in between (seed %i)', async (seed) => {
    expect(await quietLife(new World(seededRandom(seed), false), 60)).toEqual([]);
  });

  test.each(seeds(12))('all at once and with crashes (seed %i)', async (seed) => {
    // A pod that was on its way when the namespace was deleted comes after what went for want of pods.
    const violations = await hastyLife(new World(seededRandom(1000 + seed), true), 120);
    expect(violations.filter((text) => !text.startsWith('order'))).toEqual([]);
  });
});
