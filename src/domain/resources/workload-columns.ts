import type { LabelSelector, PodTemplateSpec } from '../meta/types.ts';
import { formatSelector } from './format-selector.ts';
import type { Column } from './resource-definition.ts';

type WorkloadSpec = { selector?: LabelSelector; template?: PodTemplateSpec };
type Workload = { metadata?: object; spec?: WorkloadSpec };

/** What `-o wide` adds for every kind with a pod template, wherever it has it (printers.go layoutContainerCells). */
export function workloadColumnsOf<T>(specOf: (object: T) => WorkloadSpec | undefined): readonly Column<T>[] {
  const containersOf = (object: T) => specOf(object)?.template?.spec?.containers ?? [];
  return [
    {
      name: 'Containers',
      type: 'string',
      wide: true,
      cell: (object) =>
        containersOf(object)
          .map(({ name }) => name)
          .join(','),
    },
    {
      name: 'Images',
      type: 'string',
      wide: true,
      cell: (object) =>
        containersOf(object)
          .map(({ image }) => image ?? '')
          .join(','),
    },
    { name: 'Selector', type: 'string', wide: true, cell: (object) => formatSelector(specOf(object)?.selector) },
  ];
}

export const workloadColumns = workloadColumnsOf<Workload>(({ spec }) => spec);
