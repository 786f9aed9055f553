import { keyOf, metaOf } from '../../meta/object-key.ts';
import { isConflict, isNotFound } from '../../meta/status-error.ts';
import type { Registry } from '../../registry/registry.ts';
import { endpointSlices } from '../../resources/endpoint-slice.ts';
import type { SlicesPlan } from './endpoint-slices-plan.ts';
import { isNamespaceTerminating } from '../namespace-terminating.ts';

/** What is missing comes before what is too much goes, so that a Service never has fewer endpoints on the way. */
export async function performSlicesPlan(registry: Registry, plan: SlicesPlan): Promise<void> {
  await Promise.all([
    ...plan.create.map((slice) => unless(registry.create(endpointSlices, slice), isNamespaceTerminating)),
    // Somebody deleted it meanwhile: the deletion brings the Service back to the queue.
    ...plan.update.map((slice) =>
      unless(
        registry.update(endpointSlices, keyOf(slice), () => slice),
        isNotFound,
      ),
    ),
  ]);
  await Promise.all(
    plan.remove.map((slice) => {
      const preconditions = { uid: metaOf(slice).uid ?? '' };
      return unless(
        registry.delete(endpointSlices, keyOf(slice), { preconditions }),
        (e) => isNotFound(e) || isConflict(e),
      );
    }),
  );
}

async function unless(work: Promise<unknown>, isExpected: (error: unknown) => boolean): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isExpected(error)) throw error;
  }
}
