import type { KubernetesObject, ResourceList } from '../meta/types.ts';
import { metricsGroup, usageColumns } from './metrics-group.ts';
import { nodeMetricsSchema } from './metrics-schema.ts';
import { defineResource } from './resource-definition.ts';

export type NodeMetrics = KubernetesObject & { timestamp: string; window: string; usage: ResourceList };

/** What the machine uses, everything on it included; measured when somebody reads it. */
export const nodeMetrics = defineResource<NodeMetrics>({
  ...metricsGroup,
  kind: 'NodeMetrics',
  plural: 'nodes',
  scope: 'Cluster',
  openApiSchema: nodeMetricsSchema,
  columns: usageColumns(({ usage }) => usage),
});
