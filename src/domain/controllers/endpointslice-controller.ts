import type { Logger } from '../meta/logger.ts';
import { formatKey, keyOf, metaOf, parseKey } from '../meta/object-key.ts';
import { isConflict, isNotFound } from '../meta/status-error.ts';
import type { EndpointSlice } from '../meta/types.ts';
import type { Registry } from '../registry/registry.ts';
import { endpointSlices } from '../resources/endpoint-slice.ts';
import { pods } from '../resources/pod.ts';
import { services } from '../resources/service.ts';
import { runController, source } from './controller.ts';
import { managedBy, managedByLabel, planEndpointSlices, serviceNameLabel } from './endpoint-slices-plan.ts';
import { isNamespaceTerminating } from './namespace-terminating.ts';
import { isBehind, selectsPods, servicesOfPod } from './services-of-pod.ts';

export type EndpointSliceControllerOptions = { registry: Registry; logger: Logger; signal: AbortSignal };

/** Keeps, for every Service with a selector, the EndpointSlices of its pods (kubernetes pkg/controller/endpointslice). */
export function startEndpointSliceController({
  registry,
  logger,
  signal,
}: EndpointSliceControllerOptions): Promise<void> {
  return runController({
    name: 'endpointslice-controller',
    registry,
    logger,
    sources: [
      source(services, ({ object }) => [formatKey(keyOf(object))]),
      source(pods, (event) => servicesOfPod(registry, event)),
      source(endpointSlices, ({ object }) => serviceOfSlice(object)),
    ],
    reconcile: (key) => reconcile(registry, key),
    signal,
    concurrency: 4,
  });
}

const isOurs = (slice: EndpointSlice): boolean => metaOf(slice).labels?.[managedByLabel] === managedBy;

function serviceOfSlice(slice: EndpointSlice): string[] {
  const { namespace = '', labels } = metaOf(slice);
  const name = labels?.[serviceNameLabel];
  return name !== undefined && isOurs(slice) ? [formatKey({ namespace, name })] : [];
}

async function reconcile(registry: Registry, text: string): Promise<void> {
  const key = parseKey(text);
  const service = registry.find(services, key);
  const standing = registry
    .all(endpointSlices, key.namespace)
    .filter((slice) => isOurs(slice) && metaOf(slice).labels?.[serviceNameLabel] === key.name);
  if (!service || !selectsPods(service) || metaOf(service).deletionTimestamp !== undefined) {
    return removeAll(registry, standing);
  }
  const behind = registry.all(pods, key.namespace).filter((pod) => isBehind(service, pod));
  const plan = planEndpointSlices(service, behind, standing);
  await Promise.all([
    ...plan.create.map((slice) => createOne(registry, slice)),
    ...plan.update.map((slice) => updateOne(registry, slice)),
  ]);
  await removeAll(registry, plan.remove);
}

async function createOne(registry: Registry, slice: EndpointSlice): Promise<void> {
  try {
    await registry.create(endpointSlices, slice);
  } catch (error) {
    if (!isNamespaceTerminating(error)) throw error;
  }
}

/** Somebody deleted it meanwhile: the deletion brings the Service here again. */
async function updateOne(registry: Registry, slice: EndpointSlice): Promise<void> {
  try {
    await registry.update(endpointSlices, keyOf(slice), () => slice);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

async function removeAll(registry: Registry, slices: readonly EndpointSlice[]): Promise<void> {
  for (const slice of slices) {
    try {
      await registry.delete(endpointSlices, keyOf(slice), { preconditions: { uid: metaOf(slice).uid ?? '' } });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }
}
