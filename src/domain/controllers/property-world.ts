import { vi } from 'vitest';
import type { Clock } from '../meta/clock.ts';
import { keyOf, metaOf } from '../meta/object-key.ts';
import type { Random } from '../meta/seeded-random.ts';
import { internalError, StatusError } from '../meta/status-error.ts';
import type { KubernetesObject, Pod } from '../meta/types.ts';
import type { ObjectStore } from '../registry/object-store.ts';
import { memoryObjectStore, type TestPlugin } from '../registry/registry-fixture.ts';
import type { DeleteOptions } from '../registry/write-options.ts';
import { pods } from '../resources/pod.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';
import { statusOf, type PodOutcome } from './fake-kubelet.ts';
import { quiet, testCluster, type TestCluster } from './test-cluster.ts';

// What can go wrong around controllers, for tests that let chance decide.

export const turns = async (count: number): Promise<void> => {
  for (let left = count; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
};

/** Of a slow disk, in turns. */
export const longestHang = 40;

/** A disk that hangs now and then. */
export function slowStore(random: Random, store: ObjectStore = memoryObjectStore()): ObjectStore {
  return {
    ...store,
    put: (...object) => turns(random.below(4) === 0 ? random.below(longestHang) : 0).then(() => store.put(...object)),
  };
}

/** A disk whose writes end with the process: after `crash` nothing more of it arrives, and nobody is answered. */
export function crashingStore(disk: ObjectStore): { store: ObjectStore; crash: () => void } {
  let hasCrashed = false;
  const never = new Promise<never>(() => undefined);
  const store: ObjectStore = {
    ...disk,
    put: (...object) => (hasCrashed ? never : disk.put(...object)),
    remove: (...object) => (hasCrashed ? never : disk.remove(...object)),
  };
  return { store, crash: () => void (hasCrashed = true) };
}

export type AdmittedWrite = Parameters<NonNullable<TestPlugin['validate']>>[0];

const makesOrDeletesPods = ({ definition, operation }: AdmittedWrite): boolean =>
  definition.kind === 'Pod' && operation !== 'UPDATE';

/** Refuses every so many writes, as a full disk or a broken plug-in would. */
export const refusing = (random: Random, odds: () => number, concerns = makesOrDeletesPods): TestPlugin => ({
  name: 'refusing',
  validate: (write) => {
    if (concerns(write) && random.maybe(odds())) throw internalError('out of luck');
  },
});

/** What a process of k2d has; the disk outlives it. */
export type Process = TestCluster & { crash: () => void };

export type DeviceOptions = {
  random: Random;
  /** The disk hangs now and then. */
  isSlow?: boolean;
  /** Which writes may fail: those of pods that are made or deleted unless said otherwise. */
  mayFail?: (write: AdmittedWrite) => boolean;
  /** What else decides about writes, made anew for each process. */
  plugins?: (clock: Clock) => readonly TestPlugin[];
  /** What gives pods their node instead of what tests usually have. */
  placement?: (clock: Clock) => readonly TestPlugin[];
  /** What k2d measures when it starts, before anything else runs. */
  measure?: (cluster: Process) => Promise<unknown>;
  /** Starts what is tested, and watches it: at first, and again after every crash. */
  run: (cluster: Process) => void;
};

/** A device on which k2d runs, dies and starts again; its disk and its clock go on. */
export class Device {
  readonly random: Random;
  /** How often a write that may fail does so, from 0 to 1. */
  odds = 0.1;
  /** Who is being deleted by the world itself, not by what is tested. */
  deleting = '';
  readonly #options: DeviceOptions;
  readonly #disk = memoryObjectStore();
  #process: Process | undefined;

  constructor(options: DeviceOptions) {
    this.#options = options;
    this.random = options.random;
  }

  get cluster(): Process {
    return this.#process!;
  }

  /** `populate` writes what is there before anything runs. */
  async start(populate: (cluster: Process) => Promise<unknown> = async () => undefined): Promise<void> {
    const first = await this.#boot();
    await this.#begin(first, () => populate(first));
  }

  /** SIGKILL at this very moment, and a new process, which learns from the engine what runs. */
  async crash(): Promise<void> {
    const before = this.cluster;
    const known = before.registry.all(pods);
    before.crash();
    before.stop();
    const after = await this.#boot();
    after.pass(before.clock.now().getTime() - after.clock.now().getTime());
    await this.#begin(after, async () => {
      for (const pod of known) await seeAgain(after, pod);
    });
  }

  /** While it starts nothing fails. */
  async #begin(cluster: Process, prepare: () => Promise<unknown>): Promise<void> {
    const { odds } = this;
    this.odds = 0;
    await prepare();
    await this.#options.measure?.(cluster);
    this.odds = odds;
    this.#process = cluster;
    this.#options.run(cluster);
  }

  async #boot(): Promise<Process> {
    const { random, isSlow, mayFail, plugins, placement } = this.#options;
    const { store, crash } = crashingStore(this.#disk);
    const clock: Clock = { now: () => cluster.clock.now() };
    const cluster = await testCluster(
      [...(plugins?.(clock) ?? []), refusing(random, () => this.odds, mayFail)],
      isSlow ? slowStore(random, store) : store,
      placement?.(clock),
    );
    return { ...cluster, crash };
  }

  /** Resolves when whoever had work has done it; a disk that hangs is no end. */
  quiet(): Promise<void> {
    return quiet(this.cluster, this.#options.isSlow ? longestHang + 10 : 10);
  }

  /** As a kubelet tells it of the pod, if it is there still. */
  show(pod: Pod, outcome: Exclude<PodOutcome, 'leave'>): Promise<void> {
    const { registry, clock } = this.cluster;
    const shown = (current: Pod): Pod => ({ ...current, status: statusOf(current, outcome, '10.88.0.1', clock) });
    return attempting(() => registry.update(pods, keyOf(pod), shown, { subresource: 'status' }));
  }

  update<T extends KubernetesObject>(
    definition: ResourceDefinition<T>,
    object: T,
    change: (current: T) => T,
  ): Promise<void> {
    return attempting(() => this.cluster.registry.update(definition, keyOf(object), change));
  }

  async delete<T extends KubernetesObject>(
    definition: ResourceDefinition<T>,
    object: T,
    options: DeleteOptions = {},
  ): Promise<void> {
    this.deleting = metaOf(object).name ?? '';
    await attempting(() => this.cluster.registry.delete(definition, keyOf(object), options));
    this.deleting = '';
  }
}

/** The kubelet tells again how a pod is, if it is the same. */
async function seeAgain({ registry }: Process, { status, ...pod }: Pod): Promise<void> {
  const kept = registry.find(pods, keyOf(pod));
  if (!status || !kept || metaOf(kept).uid !== metaOf(pod).uid) return;
  await registry.update(pods, keyOf(pod), (current) => ({ ...current, status }), { subresource: 'status' });
}

/** What the world tries may be refused as well. */
export async function attempting(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}

export type World = {
  readonly device: Device;
  /** What may happen next in the world around what is tested. */
  happen: () => Promise<unknown>;
};

/** A world that has a first and a last day, and tells what must not have been. */
export type WholeWorld = World & {
  readonly violations: readonly string[];
  start(): Promise<void>;
  finish(): Promise<void>;
};

/** The whole life of a world in which one thing comes after another; answers what must not have been. */
export async function quietLife(world: WholeWorld, steps: number): Promise<readonly string[]> {
  await world.start();
  await liveQuietly(world, steps);
  await world.finish();
  return world.violations;
}

/** The whole life of a world in which all comes at once, and k2d dies now and then. */
export async function hastyLife(world: WholeWorld, steps: number): Promise<readonly string[]> {
  await world.start();
  await liveHastily(world, steps);
  await world.finish();
  return world.violations;
}

/** Resolves when the assertion holds, which is asked again until what failed before has been tried again. */
export const inTheEnd = (assertion: () => Promise<void>): Promise<void> => vi.waitFor(assertion, { interval: 1 });

export const seeds = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

/** One thing after another: before the next, everybody has done what the one before asks for. */
export async function liveQuietly({ device, happen }: World, steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    await device.quiet();
    await happen();
  }
  await device.quiet();
}

/** All at once, and k2d dies now and then. */
export async function liveHastily({ device, happen }: World, steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    await turns(device.random.below(6));
    if (device.random.maybe(0.04)) await device.crash();
    else await happen();
  }
}
