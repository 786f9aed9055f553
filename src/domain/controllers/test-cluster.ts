import { onTestFinished, vi } from 'vitest';
import { metaOf } from '../meta/object-key.ts';
import type { KubernetesObject, Pod } from '../meta/types.ts';
import { eventRecorder } from '../registry/event-recorder.ts';
import { memoryObjectStore, openTestRegistry, silentLogger, type TestPlugin } from '../registry/registry-fixture.ts';
import { controllerRevisions } from '../resources/controller-revision.ts';
import { events } from '../resources/event.ts';

/** One node, as in k2d: every pod is assigned at once, so that deleting one is graceful. */
const nodeAssignment: TestPlugin = {
  name: 'node-assignment',
  mutate: ({ definition, operation, object }) =>
    definition.kind === 'Pod' && operation === 'CREATE'
      ? ({ ...object, spec: { ...(object as Pod).spec, nodeName: 'plc-1' } } as KubernetesObject)
      : undefined,
};

/** A registry, a clock that tests move, and what controllers are started with; everything ends with the test. */
export async function testCluster(
  plugins: readonly TestPlugin[] = [],
  store = memoryObjectStore(),
  placement: readonly TestPlugin[] = [nodeAssignment],
) {
  let now = Date.parse('2026-03-01T10:00:00Z');
  const clock = { now: () => new Date(now) };
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const registry = await openTestRegistry({ clock, store, plugins: [...placement, ...plugins] });
  const recorder = eventRecorder(registry, { component: 'test', clock, logger: silentLogger });
  const messages = (reason: string, object?: string): string[] =>
    registry
      .all(events)
      .filter((event) => event.reason === reason && (object ?? event.involvedObject.name) === event.involvedObject.name)
      .map(({ message = '' }) => message);
  return {
    registry,
    clock,
    recorder,
    logger: silentLogger,
    signal: stop.signal,
    /** As when k2d ends: another cluster can go on with the same store. */
    stop: () => stop.abort(),
    /** Every image is there. */
    pullAhead: async () => 'present' as const,
    messages,
    pass: (milliseconds: number) => void (now += milliseconds),
  };
}

export type TestCluster = Awaited<ReturnType<typeof testCluster>>;

export const namesOf = (objects: readonly KubernetesObject[]): string[] =>
  objects.map((object) => metaOf(object).name ?? '');

/** Resolves when nothing has been written for some turns of the event loop: whoever had work has done it, or waits for a timer. */
export async function quiet({ registry }: Pick<TestCluster, 'registry'>, turns = 10): Promise<void> {
  for (let still = 0, seen = registry.resourceVersion; still < turns; still++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (registry.resourceVersion !== seen) still = 0;
    seen = registry.resourceVersion;
  }
}

/** Resolves when the assertion holds. */
export const settles = (assertion: () => void): Promise<void> => vi.waitFor(assertion, { interval: 5 });

/** What tells the versions of a pod apart. */
export const imageOf = ({ spec }: Pod): string | undefined => spec?.containers[0]?.image;

/** Of the history that is kept in `default`, the oldest first. */
export const revisionNumbers = (registry: TestCluster['registry']): number[] =>
  registry
    .all(controllerRevisions, 'default')
    .map(({ revision }) => revision)
    .toSorted((a, b) => a - b);
