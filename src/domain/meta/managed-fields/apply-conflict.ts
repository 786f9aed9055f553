import { StatusError } from '../status-error.ts';
import type { Conflict } from './apply-configuration.ts';
import type { Owner } from './owners.ts';

/** More than anybody reads. */
const mostConflicts = 100;

/** The 409 for who must force what he applies (managedfields/internal/conflict.go). */
export function applyConflict(all: readonly Conflict[]): StatusError {
  const conflicts = all.slice(0, mostConflicts);
  const causes = conflicts.map(({ owner, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${ownerText(owner)}`,
    field: path,
  }));
  return new StatusError(409, 'Conflict', messageOf(conflicts, all.length), { causes });
}

function messageOf(conflicts: readonly Conflict[], count: number): string {
  const [first] = conflicts;
  if (first !== undefined && count === 1) {
    return `Apply failed with 1 conflict: conflict with ${ownerText(first.owner)}: ${first.path}`;
  }
  const byOwner = Map.groupBy(conflicts, ({ owner }) => ownerText(owner));
  const lines = [...byOwner].flatMap(([owner, its]) => [
    `conflicts with ${owner}:`,
    ...its.map(({ path }) => `- ${path}`),
  ]);
  return `Apply failed with ${count} conflicts: ${lines.join('\n')}`;
}

const ownerText = ({ manager, operation, apiVersion, subresource }: Owner): string =>
  [
    JSON.stringify(manager),
    ...(subresource === undefined ? [] : [`with subresource ${JSON.stringify(subresource)}`]),
    ...(operation === 'Update' ? [`using ${apiVersion}`] : []),
  ].join(' ');
