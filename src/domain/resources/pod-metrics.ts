import { sumOf } from '../meta/resource-list.ts';
import type { KubernetesObject, ResourceList } from '../meta/types.ts';
import { metricsGroup, usageColumns } from './metrics-group.ts';
import { podMetricsSchema } from './metrics-schema.ts';
import { defineResource } from './resource-definition.ts';

export type PodMetrics = KubernetesObject & {
  /** The end of the window, RFC 3339. */
  timestamp: string;
  /** A Go duration. */
  window: string;
  containers: { name: string; usage: ResourceList }[];
};

/** What each pod uses, measured when somebody reads it. */
export const podMetrics = defineResource<PodMetrics>({
  ...metricsGroup,
  kind: 'PodMetrics',
  plural: 'pods',
  scope: 'Namespaced',
  openApiSchema: podMetricsSchema,
  columns: usageColumns(({ containers }) => sumOf(containers.map(({ usage }) => usage))),
});
