import { internalError } from '../meta/status-error.ts';
import type { Random } from '../meta/seeded-random.ts';
import type { ObjectStore } from '../registry/object-store.ts';
import { memoryObjectStore, type TestPlugin } from '../registry/registry-fixture.ts';

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
