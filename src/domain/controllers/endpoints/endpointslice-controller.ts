import type { Logger } from '../../meta/logger.ts';
import { formatKey, keyOf, metaOf, parseKey, type ObjectKey } from '../../meta/object-key.ts';
import type { Registry } from '../../registry/registry.ts';
import { endpointSlices } from '../../resources/endpoint-slice.ts';
import { pods } from '../../resources/pod.ts';
import { services } from '../../resources/service.ts';
import { runController, source } from '../controller.ts';
import { planEndpointSlices, type SlicesPlan } from './endpoint-slices-plan.ts';
import { managedSlices, servicesOfSlice } from './managed-slices.ts';
import { controllerReference } from '../owner-references.ts';
import { performSlicesPlan } from './perform-slices-plan.ts';
import { podSliceContents } from './pod-slice-contents.ts';
import { isBehind, selectsPods, servicesOfPod } from './services-of-pod.ts';

export type EndpointSliceControllerOptions = { registry: Registry; logger: Logger; signal: AbortSignal };

const managedBy = 'endpointslice-controller.k8s.io';

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
      source(endpointSlices, (event) => servicesOfSlice(managedBy, event)),
    ],
    reconcile: (key) => performSlicesPlan(registry, planFor(registry, parseKey(key))),
    signal,
    concurrency: 4,
  });
}

function planFor(registry: Registry, key: ObjectKey): SlicesPlan {
  const standing = managedSlices(registry, managedBy, key);
  const service = registry.find(services, key);
  if (!service || !selectsPods(service) || metaOf(service).deletionTimestamp !== undefined) {
    return { create: [], update: [], remove: standing };
  }
  const behind = registry.all(pods, key.namespace).filter((pod) => isBehind(service, pod));
  const frame = { service, managedBy, owner: controllerReference(services, service) };
  return planEndpointSlices(frame, podSliceContents(service, behind), standing);
}
