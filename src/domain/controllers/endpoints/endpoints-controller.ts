import type { Logger } from '../../meta/logger.ts';
import { formatKey, keyOf, metaOf, parseKey, type ObjectKey } from '../../meta/object-key.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../../meta/status-error.ts';
import type { Endpoints, Service } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { endpoints } from '../../resources/endpoints.ts';
import { pods } from '../../resources/pod.ts';
import { services } from '../../resources/service.ts';
import { runController, source } from '../controller.ts';
import { endpointSubsets } from './endpoint-subsets.ts';
import { isNamespaceTerminating } from '../namespace-terminating.ts';
import { isBehind, selectsPods, servicesOfPod } from './services-of-pod.ts';

export type EndpointsControllerOptions = { registry: Registry; logger: Logger; signal: AbortSignal };

const managedByLabel = 'endpoints.kubernetes.io/managed-by';
const managedBy = 'endpoint-controller';

/** Keeps, for every Service with a selector, the Endpoints that older clients read (kubernetes pkg/controller/endpoint). */
export function startEndpointsController({ registry, logger, signal }: EndpointsControllerOptions): Promise<void> {
  return runController({
    name: 'endpoints-controller',
    registry,
    logger,
    sources: [
      source(services, ({ object }) => [formatKey(keyOf(object))]),
      source(pods, (event) => servicesOfPod(registry, event)),
      source(endpoints, ({ object }) => [formatKey(keyOf(object))]),
    ],
    reconcile: (key) => reconcile(registry, parseKey(key)),
    signal,
    concurrency: 4,
  });
}

async function reconcile(registry: Registry, key: ObjectKey): Promise<void> {
  const service = registry.find(services, key);
  if (!service || !selectsPods(service)) return removeComputed(registry, key);
  const behind = registry.all(pods, key.namespace).filter((pod) => isBehind(service, pod));
  const subsets = endpointSubsets(service, behind);
  try {
    if (registry.find(endpoints, key))
      await registry.update(endpoints, key, (current) => refreshed(current, service, subsets));
    else await registry.create(endpoints, refreshed({ metadata: key }, service, subsets));
  } catch (error) {
    // Made or removed at the same moment: the change that did it brings the Service here again.
    if (!isAlreadyExists(error) && !isNotFound(error) && !isNamespaceTerminating(error)) throw error;
  }
}

function refreshed(
  { subsets: _before, ...object }: Endpoints,
  service: Service,
  subsets: Endpoints['subsets'],
): Endpoints {
  const labels = {
    ...metaOf(service).labels,
    ...(service.spec?.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {}),
    [managedByLabel]: managedBy,
  };
  return { ...object, metadata: { ...metaOf(object), labels }, ...(subsets?.length ? { subsets } : {}) };
}

/** Endpoints that somebody wrote for a Service without selector are theirs. */
async function removeComputed(registry: Registry, key: ObjectKey): Promise<void> {
  const standing = registry.find(endpoints, key);
  if (!standing || metaOf(standing).labels?.[managedByLabel] !== managedBy) return;
  try {
    await registry.delete(endpoints, key, { preconditions: { uid: metaOf(standing).uid ?? '' } });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
