import { describe, expect, test } from 'vitest';
import { metaOf } from '../../meta/object-key.ts';
import { seededRandom, type Random } from '../../meta/seeded-random.ts';
import type { ConfigMap, OwnerReference } from '../../meta/types.ts';
import { catalog as builtIn } from '../../resources/catalog.ts';
import { configMaps } from '../../resources/config-map.ts';
import { ResourceCatalog } from '../../resources/resource-catalog.ts';
import { attempting, Device, hastyLife, inTheEnd, type Process, quietLife, seeds } from '../property-world.ts';
import { namesOf } from '../test-cluster.ts';
import { startGarbageCollector } from './garbage-collector.ts';

const catalog = new ResourceCatalog(builtIn);
const hold = 'example.com/hold';

const isGoing = (object: ConfigMap): boolean => metaOf(object).deletionTimestamp !== undefined;
const ownersOf = (object: ConfigMap): readonly OwnerReference[] => metaOf(object).ownerReferences ?? [];
const holds = (object: ConfigMap, finalizer: string): boolean =>
  metaOf(object).finalizers?.includes(finalizer) ?? false;

/** Objects that own each other, and people who delete some of them, each in his own way. */
class World {
  readonly violations: string[] = [];
  readonly device: Device;
  /** Whom people have told to go. */
  readonly #told = new Set<string>();
  #made = 0;

  constructor(random: Random, isSlow: boolean) {
    this.device = new Device({
      random,
      isSlow,
      mayFail: ({ definition }) => definition.kind === 'ConfigMap',
      run: (cluster) => this.#run(cluster),
    });
  }

  get objects(): ConfigMap[] {
    return this.device.cluster.registry.all(configMaps);
  }

  #find(uid: string): ConfigMap | undefined {
    return this.objects.find(({ metadata }) => metadata?.uid === uid);
  }

  start(): Promise<void> {
    return this.device.start();
  }

  #run(cluster: Process): void {
    cluster.registry.subscribe(configMaps, ({ type, object, previous }) => {
      if (!previous || isGoing(previous)) return type === 'DELETED' && previous ? this.#gone(previous) : undefined;
      if (type !== 'DELETED' && !isGoing(object)) return;
      if (type === 'DELETED') this.#gone(previous);
      if (!this.#told.has(metaOf(object).uid ?? '')) this.#collected(previous);
    });
    void startGarbageCollector({ ...cluster, catalog });
  }

  /** Garbage is what had owners and has none any more, or only such as wait for it. */
  #collected(object: ConfigMap): void {
    const { name } = metaOf(object);
    if (ownersOf(object).length === 0) this.violations.push(`${name} had no owner`);
    const live = ownersOf(object).map(({ uid }) => this.#find(uid));
    const keeping = live.filter((owner) => owner && !(isGoing(owner) && holds(owner, 'foregroundDeletion')));
    if (keeping.length > 0) this.violations.push(`${name} had ${namesOf(keeping as ConfigMap[]).join()}`);
  }

  #gone(object: ConfigMap): void {
    if (!isGoing(object) || !holds(object, 'foregroundDeletion')) return;
    const { uid, name } = metaOf(object);
    const blocking = this.objects.filter((other) =>
      ownersOf(other).some((reference) => reference.uid === uid && reference.blockOwnerDeletion),
    );
    if (blocking.length > 0) this.violations.push(`order: ${name} went before ${namesOf(blocking).join()}`);
  }

  /** Only of what is older, so that nobody owns himself in the end. */
  #owners(before = Infinity, except?: ConfigMap): OwnerReference[] {
    const { random } = this.device;
    const older = this.objects.filter(
      (each) => each !== except && !isGoing(each) && Number(metaOf(each).name!.slice(1)) < before,
    );
    const chosen = new Set([random.pick(older), random.maybe(0.3) ? random.pick(older) : undefined]);
    return [...chosen].flatMap((owner) =>
      owner
        ? {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            name: metaOf(owner).name!,
            uid: metaOf(owner).uid!,
            blockOwnerDeletion: random.maybe(0.5),
          }
        : [],
    );
  }

  #create(): Promise<void> {
    const { random, cluster } = this.device;
    const ownerReferences = random.maybe(0.7) ? this.#owners() : [];
    const finalizers = random.maybe(0.15) ? [hold] : [];
    const metadata = { namespace: 'default', name: `c${100 + ++this.#made}`, ownerReferences, finalizers };
    return attempting(() => cluster.registry.create(configMaps, { metadata }));
  }

  #delete(object: ConfigMap): Promise<void> {
    const { random } = this.device;
    this.#told.add(metaOf(object).uid ?? '');
    const propagationPolicy = random.pick(['Background', 'Foreground', 'Orphan'] as const);
    return this.device.delete(configMaps, object, { propagationPolicy });
  }

  #adopt(object: ConfigMap, except?: ConfigMap): Promise<void> {
    const ownerReferences = this.#owners(Number(metaOf(object).name!.slice(1)), except);
    return this.device.update(configMaps, object, (now) =>
      isGoing(now) ? now : { ...now, metadata: { ...metaOf(now), ownerReferences } },
    );
  }

  /** An owner goes while somebody else takes over what was his. */
  #changeHands(owner: ConfigMap): Promise<unknown> {
    const { uid } = metaOf(owner);
    const dependents = this.objects.filter((object) => ownersOf(object).some((reference) => reference.uid === uid));
    return Promise.all([this.#delete(owner), ...dependents.map((each) => this.#adopt(each, owner))]);
  }

  #release(object: ConfigMap): Promise<void> {
    return this.device.update(configMaps, object, (now) => {
      const finalizers = (metaOf(now).finalizers ?? []).filter((finalizer) => finalizer !== hold);
      return { ...now, metadata: { ...metaOf(now), finalizers } };
    });
  }

  readonly happen = async (): Promise<void> => {
    const { random } = this.device;
    const some = () => random.pick(this.objects);
    const events: readonly (() => Promise<unknown> | undefined)[] = [
      () => this.#create(),
      () => this.#create(),
      () => this.#create(),
      () => Promise.all([this.#create(), this.#create()]),
      () => some() && this.#delete(some()),
      () => some() && this.#adopt(some()),
      () => some() && this.#release(some()),
      () => some() && this.#changeHands(some()),
    ];
    const event = random.pick(events)() ?? Promise.resolve();
    // Some do not wait for an answer.
    if (random.maybe(0.6)) await Promise.race([event, this.device.quiet()]);
  };

  /** No trouble any more, and nobody holds anything: what has lost its owners is gone, and what was told to go too. */
  async finish(): Promise<void> {
    const { device } = this;
    device.odds = 0;
    for (const object of this.objects) await this.#release(object);
    await inTheEnd(async () => {
      await device.quiet();
      const orphans = this.objects.filter(
        (object) => ownersOf(object).length > 0 && ownersOf(object).every(({ uid }) => !this.#find(uid)),
      );
      expect(namesOf(orphans)).toEqual([]);
      expect(namesOf(this.objects.filter(isGoing))).toEqual([]);
    });
  }
}

describe('whatever happens, nothing goes that has an owner, and nothing stays that has lost all of them', () => {
  test.each(seeds(12))('with time in between, and in order (seed %i)', async (seed) => {
    expect(await quietLife(new World(seededRandom(seed), false), 80)).toEqual([]);
  });

  test.each(seeds(12))('all at once and with crashes (seed %i)', async (seed) => {
    const violations = await hastyLife(new World(seededRandom(1000 + seed), true), 120);
    expect(violations.filter((text) => !text.startsWith('order'))).toEqual([]);
  });
});
