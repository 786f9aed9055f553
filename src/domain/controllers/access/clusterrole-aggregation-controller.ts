import { aggregatedRules } from '../../authorization/aggregated-rules.ts';
import type { Logger } from '../../meta/logger.ts';
import { metaOf } from '../../meta/object-key.ts';
import { isNotFound } from '../../meta/status-error.ts';
import type { ClusterRole } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { clusterRoles } from '../../resources/cluster-role.ts';
import { runController, source } from '../controller.ts';

export type ClusterRoleAggregationOptions = { registry: Registry; logger: Logger; signal: AbortSignal };

/** Roles that gather others' rules (kubernetes pkg/controller/clusterroleaggregation): whatever role changes, any of them may be concerned. */
export function startClusterRoleAggregationController({
  registry,
  logger,
  signal,
}: ClusterRoleAggregationOptions): Promise<void> {
  return runController({
    name: 'clusterrole-aggregation-controller',
    registry,
    logger,
    sources: [source(clusterRoles, () => registry.all(clusterRoles).filter(aggregates).map(nameOf))],
    reconcile: (name) => gather(registry, name),
    signal,
    // Some gather what others have gathered.
    concurrency: 1,
  });
}

const aggregates = ({ aggregationRule }: ClusterRole): boolean => aggregationRule !== undefined;
const nameOf = (role: ClusterRole): string => metaOf(role).name ?? '';

async function gather(registry: Registry, name: string): Promise<void> {
  try {
    await registry.update(clusterRoles, { namespace: '', name }, (role) => {
      const rules = aggregatedRules(role, registry.all(clusterRoles));
      return rules === undefined ? role : { ...role, rules };
    });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
