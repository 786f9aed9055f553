import { timeSince } from '../meta/human-duration.ts';
import type { Pod } from '../meta/types.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { podDisplayStatus } from './pod-display-status.ts';
import type { Column, RowCondition } from './resource-definition.ts';

function restartsCell(pod: Pod, now: Date): string {
  const { restarts, restartedAt } = podDisplayStatus(pod);
  return restarts !== 0 && restartedAt !== undefined
    ? `${restarts} (${timeSince(restartedAt, now)} ago)`
    : String(restarts);
}

function readyCell(pod: Pod): string {
  const { ready, total } = podDisplayStatus(pod);
  return `${ready}/${total}`;
}

function readinessGates({ spec, status }: Pod): string {
  const gates = spec?.readinessGates ?? [];
  const holding = gates.filter(({ conditionType }) =>
    status?.conditions?.some((condition) => condition.type === conditionType && condition.status === 'True'),
  );
  return gates.length === 0 ? '<none>' : `${holding.length}/${gates.length}`;
}

/** kubernetes pkg/printers/internalversion/printers.go printPod */
export const podColumns: readonly Column<Pod>[] = [
  nameColumn,
  { name: 'Ready', type: 'string', cell: readyCell },
  { name: 'Status', type: 'string', cell: (pod) => podDisplayStatus(pod).status },
  { name: 'Restarts', type: 'string', cell: restartsCell },
  ageColumn,
  { name: 'IP', type: 'string', wide: true, cell: ({ status }) => status?.podIPs?.[0]?.ip || '<none>' },
  { name: 'Node', type: 'string', wide: true, cell: ({ spec }) => spec?.nodeName || '<none>' },
  { name: 'Nominated Node', type: 'string', wide: true, cell: ({ status }) => status?.nominatedNodeName || '<none>' },
  { name: 'Readiness Gates', type: 'string', wide: true, cell: readinessGates },
];

const completed = (reason: string, message: string): readonly RowCondition[] => [
  { type: 'Completed', status: 'True', reason, message },
];

/** printers.go podSuccessConditions, podFailedConditions */
export function podRowConditions({ status }: Pod): readonly RowCondition[] {
  if (status?.phase === 'Succeeded') return completed('Succeeded', 'The pod has completed successfully.');
  if (status?.phase === 'Failed') return completed('Failed', 'The pod failed.');
  return [];
}
