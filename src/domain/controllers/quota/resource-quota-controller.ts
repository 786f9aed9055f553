import type { Clock } from '../../meta/clock.ts';
import { sameJson } from '../../meta/deep-equal.ts';
import type { Logger } from '../../meta/logger.ts';
import { metaOf } from '../../meta/object-key.ts';
import { isNotFound } from '../../meta/status-error.ts';
import type { KubernetesObject, Pod, ResourceList, ResourceQuota } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { overdueAt } from '../../resources/pod-quota-usage.ts';
import { pods } from '../../resources/pod.ts';
import { quotaConsumption } from '../../resources/quota-consumption.ts';
import { resourceQuotas } from '../../resources/resource-quota.ts';
import type { ResourceCatalog } from '../../resources/resource-catalog.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import { runController, source } from '../controller.ts';
import { followResources } from '../../registry/follow-resources.ts';
import type { Requeue } from '../work-queue.ts';

export type ResourceQuotaControllerOptions = {
  registry: Registry;
  catalog: ResourceCatalog;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
};

/**
 * Shows in every quota's status what is used of it (kubernetes pkg/controller/resourcequota). Admission does not rely on it. Namespaces
 * without a quota cost a look at every change.
 */
export function startResourceQuotaController(options: ResourceQuotaControllerOptions): Promise<void> {
  const { registry, catalog, clock, logger, signal } = options;
  const isCounted = ({ scope }: ResourceDefinition): boolean => scope === 'Namespaced';
  const namespaceOf = ({ object }: { object: KubernetesObject }): string[] => {
    const { namespace = '' } = metaOf(object);
    return registry.all(resourceQuotas, namespace).length > 0 ? [namespace] : [];
  };
  return runController({
    name: 'resource-quota-controller',
    registry,
    logger,
    sources: [],
    moreSources: (add) =>
      followResources(catalog, (definition) => isCounted(definition) && add(source(definition, namespaceOf)), signal),
    reconcile: async (namespace) => {
      const counted = catalog.stored.filter(isCounted);
      const quotas = registry.all(resourceQuotas, namespace);
      const now = clock.now();
      for (const quota of quotas) await showUsage(registry, counted, quota, now);
      return quotas.length > 0 ? whenTimeChangesIt(registry.all(pods, namespace), now) : undefined;
    },
    signal,
    concurrency: 1,
  });
}

/** A pod that ought to be gone counts no more, and no event tells of it. */
function whenTimeChangesIt(all: readonly Pod[], now: Date): Requeue | undefined {
  const overdue = all.map(overdueAt).filter((time) => time !== undefined);
  const ends = overdue.filter((time) => time >= now.getTime());
  return ends.length === 0 ? undefined : { afterMs: Math.min(...ends) + 1 - now.getTime() };
}

async function showUsage(
  registry: Registry,
  counted: readonly ResourceDefinition[],
  quota: ResourceQuota,
  now: Date,
): Promise<void> {
  const { namespace = '', name = '' } = metaOf(quota);
  const hard = quota.spec?.hard ?? {};
  const used: ResourceList = Object.assign(
    {},
    ...counted.map((definition) => quotaConsumption(quota, definition, registry.all(definition, namespace), now)),
  );
  const status = { hard, used };
  if (sameJson(status, quota.status)) return;
  try {
    await registry.update(resourceQuotas, { namespace, name }, (current) => ({ ...current, status }), {
      subresource: 'status',
    });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
