import type { KubernetesObject, ResourceList } from '../meta/types.ts';
import { nameColumn } from './metadata-columns.ts';
import type { Column } from './resource-definition.ts';

/** As metrics-server has it (kubernetes-sigs/metrics-server pkg/api), without names of one: `pod` is that of the core group's. */
export const metricsGroup = { group: 'metrics.k8s.io', version: 'v1beta1', singular: '', isMeasured: true } as const;

type Measured = KubernetesObject & { window: string };

/** kubernetes-sigs/metrics-server pkg/api/table.go */
export const usageColumns = <T extends Measured>(usageOf: (object: T) => ResourceList): readonly Column<T>[] => [
  { ...nameColumn, description: 'Name of the resource' },
  ...['cpu', 'memory'].map((name) => ({
    name,
    type: 'string' as const,
    format: 'quantity',
    cell: (object: T) => usageOf(object)[name] ?? '0',
  })),
  { name: 'Window', type: 'string', format: 'duration', cell: ({ window }) => window },
];
