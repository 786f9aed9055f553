import { describe, expect, test } from 'vitest';
import { formatKey, keyOf, metaOf } from '../../meta/object-key.ts';
import { seededRandom, type Random } from '../../meta/seeded-random.ts';
import type { Pod, Service } from '../../meta/types.ts';
import { endpointSlices } from '../../resources/endpoint-slice.ts';
import { endpoints } from '../../resources/endpoints.ts';
import { pods } from '../../resources/pod.ts';
import { services } from '../../resources/service.ts';
import { statusOf } from '../fake-kubelet.ts';
import { isPodReady, isPodTerminal, isPodTerminating } from '../pod-lifecycle.ts';
import { attempting, Device, inTheEnd, liveHastily, type Process, seeds } from '../property-world.ts';
import { startEndpointsController } from './endpoints-controller.ts';
import { startEndpointSliceController } from './endpointslice-controller.ts';

const names = ['web', 'db'];
const apps = ['web', 'db', 'tool'];
const text = (a: string, b: string): number => (a < b ? -1 : 1);

/** Services in front of pods that come, get ready and go, and people who write into what the controllers keep. */
class World {
  readonly device: Device;
  #made = 0;

  constructor(random: Random, isSlow: boolean) {
    this.device = new Device({
      random,
      isSlow,
      mayFail: ({ definition }) => ['Endpoints', 'EndpointSlice'].includes(definition.kind),
      run: (cluster) => this.#run(cluster),
    });
  }

  get #registry() {
    return this.device.cluster.registry;
  }

  #run(cluster: Process): void {
    void startEndpointsController(cluster);
    void startEndpointSliceController(cluster);
  }

  #createPod(): Promise<void> {
    const { random } = this.device;
    const metadata = { namespace: 'default', name: `p${++this.#made}`, labels: { app: random.pick(apps) } };
    const ports = [{ name: 'http', containerPort: random.pick([80, 8080]) }];
    return attempting(() =>
      this.#registry.create(pods, { metadata, spec: { containers: [{ name: 'c', image: 'i', ports }] } }),
    );
  }

  #show(pod: Pod, outcome: Parameters<typeof statusOf>[1]): Promise<void> {
    const { clock } = this.device.cluster;
    const podIP = `10.88.0.${metaOf(pod).name!.slice(1)}`;
    const shown = (now: Pod): Pod => ({ ...now, status: statusOf(now, outcome, podIP, clock) });
    return attempting(() => this.#registry.update(pods, keyOf(pod), shown, { subresource: 'status' }));
  }

  #createService(): Promise<void> {
    const { random } = this.device;
    return attempting(() =>
      this.#registry.create(services, {
        metadata: { namespace: 'default', name: random.pick(names) },
        spec: {
          clusterIP: 'None',
          ipFamilies: ['IPv4'],
          selector: { app: random.pick(apps) },
          publishNotReadyAddresses: random.maybe(0.3),
          ports: [{ name: 'http', port: 80, targetPort: random.pick([80, 'http']), protocol: 'TCP' }],
        },
      }),
    );
  }

  readonly happen = async (): Promise<void> => {
    const { device } = this;
    const { random } = device;
    const pod = random.pick(this.#registry.all(pods));
    const service = random.pick(this.#registry.all(services));
    const slice = random.pick(this.#registry.all(endpointSlices));
    const older = random.pick(this.#registry.all(endpoints));
    const app = random.pick(apps);
    const events: readonly (() => Promise<unknown> | undefined)[] = [
      () => this.#createPod(),
      () => this.#createPod(),
      () => this.#createService(),
      () => pod && this.#show(pod, random.pick(['ready', 'ready', 'running', 'succeeded'])),
      () => pod && this.#show(pod, 'ready'),
      () => pod && device.update(pods, pod, (now) => ({ ...now, metadata: { ...metaOf(now), labels: { app } } })),
      () => pod && device.delete(pods, pod),
      () => pod && device.delete(pods, pod, { gracePeriodSeconds: 0 }),
      () =>
        service && device.update(services, service, (now) => ({ ...now, spec: { ...now.spec, selector: { app } } })),
      () => service && device.delete(services, service),
      () => slice && device.delete(endpointSlices, slice),
      () => slice && device.update(endpointSlices, slice, (now) => ({ ...now, endpoints: [] })),
      () => older && device.delete(endpoints, older),
      () => older && device.update(endpoints, older, (now) => ({ ...now, subsets: [] })),
    ];
    await random.pick(events)();
  };

  /** Of every pod behind the Service that has an address and has not ended: where it is, and in which condition. */
  #wanted(service: Service) {
    const { selector, publishNotReadyAddresses: publishes = false } = service.spec!;
    return this.#registry
      .all(pods)
      .filter((pod) => metaOf(pod).labels?.['app'] === selector?.['app'] && pod.status?.podIP && !isPodTerminal(pod))
      .map((pod) => ({
        address: pod.status!.podIP!,
        ready: publishes || (isPodReady(pod) && !isPodTerminating(pod)),
        serving: isPodReady(pod),
        terminating: isPodTerminating(pod),
      }))
      .toSorted((a, b) => text(a.address, b.address));
  }

  #slicesOf(service: Service) {
    return this.#registry
      .all(endpointSlices)
      .filter((slice) => metaOf(slice).labels?.['kubernetes.io/service-name'] === metaOf(service).name)
      .flatMap((slice) => slice.endpoints ?? [])
      .map(({ addresses, conditions }) => ({ address: addresses[0]!, ...conditions }))
      .toSorted((a, b) => text(a.address, b.address));
  }

  /** In both forms exactly the pods that are there now; the older one leaves out those that are going. */
  check(): void {
    const standing = this.#registry.all(services);
    for (const service of standing) {
      const wanted = this.#wanted(service);
      expect(this.#slicesOf(service)).toEqual(wanted);
      const older = this.#registry.find(endpoints, keyOf(service))?.subsets ?? [];
      const told = (kind: 'addresses' | 'notReadyAddresses') =>
        older.flatMap((subset) => (subset[kind] ?? []).map(({ ip }) => ip)).toSorted(text);
      const publishes = service.spec?.publishNotReadyAddresses ?? false;
      const shown = wanted.filter(({ terminating }) => !terminating || publishes);
      expect(told('addresses')).toEqual(shown.filter(({ ready }) => ready).map(({ address }) => address));
      expect(told('notReadyAddresses')).toEqual(shown.filter(({ ready }) => !ready).map(({ address }) => address));
    }
    const keys = standing.map((service) => formatKey(keyOf(service)));
    expect(this.#registry.all(endpoints).map((each) => formatKey(keyOf(each)))).toEqual(keys);
    const named = this.#registry
      .all(endpointSlices)
      .map((slice) => metaOf(slice).labels?.['kubernetes.io/service-name']);
    expect(names.filter((name) => named.includes(name)).toSorted(text)).toEqual(
      standing.map((each) => metaOf(each).name),
    );
  }
}

describe('whatever happens, Services have exactly their pods as endpoints', () => {
  test.each(seeds(12))('after every step (seed %i)', async (seed) => {
    const world = new World(seededRandom(seed), false);
    world.device.odds = 0;
    await world.device.start();
    for (let step = 0; step < 80; step++) {
      await world.happen();
      await world.device.quiet();
      world.check();
    }
  });

  test.each(seeds(12))(
    'in the end, after all at once and with crashes; and who looks again writes nothing (seed %i)',
    async (seed) => {
      const world = new World(seededRandom(1000 + seed), true);
      await world.device.start();
      await liveHastily(world, 120);
      world.device.odds = 0;
      await inTheEnd(async () => {
        await world.device.quiet();
        world.check();
      });
      const { cluster } = world.device;
      const { resourceVersion } = cluster.registry;
      void startEndpointsController(cluster);
      void startEndpointSliceController(cluster);
      await world.device.quiet();
      expect(cluster.registry.resourceVersion).toBe(resourceVersion);
    },
  );
});
