import type { LabelSelector, PodTemplateSpec } from '../meta/types.ts';
import { formatSelector } from './format-selector.ts';
import type { Column } from './resource-definition.ts';

type Templated = { metadata?: object; spec?: { template?: PodTemplateSpec } };
type Workload = { metadata?: object; spec?: { selector: LabelSelector; template?: PodTemplateSpec } };

const containersOf = ({ spec }: Templated) => spec?.template?.spec?.containers ?? [];

/** What `-o wide` adds for every kind with a pod template (printers.go layoutContainerCells). */
export const containerColumns: readonly Column<Templated>[] = [
  {
    name: 'Containers',
    type: 'string',
    wide: true,
    cell: (workload) =>
      containersOf(workload)
        .map(({ name }) => name)
        .join(','),
  },
  {
    name: 'Images',
    type: 'string',
    wide: true,
    cell: (workload) =>
      containersOf(workload)
        .map(({ image }) => image ?? '')
        .join(','),
  },
];

export const workloadColumns: readonly Column<Workload>[] = [
  ...containerColumns,
  { name: 'Selector', type: 'string', wide: true, cell: ({ spec }) => formatSelector(spec?.selector) },
];

/** Of the kinds that only keep a number of pods. */
export const replicaColumns: readonly Column<{
  spec?: { replicas?: number };
  status?: { replicas: number; readyReplicas?: number };
}>[] = [
  { name: 'Desired', type: 'integer', cell: ({ spec }) => spec?.replicas ?? 0 },
  { name: 'Current', type: 'integer', cell: ({ status }) => status?.replicas ?? 0 },
  { name: 'Ready', type: 'integer', cell: ({ status }) => status?.readyReplicas ?? 0 },
];
