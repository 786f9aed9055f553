import { keyOf, metaOf } from '../meta/object-key.ts';
import type { Random } from '../meta/seeded-random.ts';
import { internalError, StatusError } from '../meta/status-error.ts';
import type { ObjectStore } from '../registry/object-store.ts';
import { memoryObjectStore, type TestPlugin } from '../registry/registry-fixture.ts';
import { pods } from '../resources/pod.ts';
import { testCluster, type TestCluster } from './test-cluster.ts';

// What can go wrong around controllers, for tests that let chance decide.

export const turns = async (count: number): Promise<void> => {
  for (let left = count; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
};

/** A disk that hangs now and then. */
export function slowStore(random: Random, store: ObjectStore = memoryObjectStore()): ObjectStore {
  return {
    ...store,
    put: (...object) => turns(random.below(4) === 0 ? random.below(40) : 0).then(() => store.put(...object)),
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

/** Refuses every so many writes of pods that are made or deleted, as a full disk or a broken plug-in would. */
export const refusing = (random: Random, odds: number): TestPlugin => ({
  name: 'refusing',
  validate: ({ definition, operation }) => {
    if (definition.kind === 'Pod' && operation !== 'UPDATE' && random.maybe(odds)) throw internalError('out of luck');
  },
});

/** What a process of k2d has; the disk outlives it. */
export type Process = TestCluster & { crash: () => void };

export type Machine = {
  random: Random;
  disk: ObjectStore;
  /** How often a write fails, from 0 to 1; it may change. */
  trouble: { odds: number };
};

export async function startProcess({ random, disk, trouble }: Machine): Promise<Process> {
  const { store, crash } = crashingStore(disk);
  const now = { ...random, maybe: () => random.maybe(trouble.odds) };
  return { ...(await testCluster([refusing(now, trouble.odds)], store)), crash };
}

/** SIGKILL at this very moment, and a new process, which learns from the engine what runs. */
export async function restart(machine: Machine, before: Process): Promise<Process> {
  const known = before.registry.all(pods);
  before.crash();
  before.stop();
  const after = await startProcess(machine);
  for (const { status, ...pod } of known) {
    const kept = after.registry.find(pods, keyOf(pod));
    if (!status || !kept || metaOf(kept).uid !== metaOf(pod).uid) continue;
    await after.registry.update(pods, keyOf(pod), (current) => ({ ...current, status }), { subresource: 'status' });
  }
  return after;
}

/** What the world tries may be refused as well. */
export async function attempting(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}
