import { metaOf } from '../meta/object-key.ts';
import type { Node } from '../meta/types.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import type { Column } from './resource-definition.ts';

function statusOf({ spec, status }: Node): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const words = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec?.unschedulable ? `${words},SchedulingDisabled` : words;
}

const rolePrefix = 'node-role.kubernetes.io/';

function rolesOf(node: Node): string {
  const roles = Object.entries(metaOf(node).labels ?? {}).map(([key, value]) =>
    key.startsWith(rolePrefix) ? key.slice(rolePrefix.length) : key === 'kubernetes.io/role' ? value : '',
  );
  return [...new Set(roles.filter((role) => role !== ''))].toSorted().join(',') || '<none>';
}

const addressOf =
  (type: string) =>
  ({ status }: Node): string =>
    status?.addresses?.find((address) => address.type === type)?.address ?? '<none>';

/** kubernetes pkg/printers/internalversion/printers.go printNode */
export const nodeColumns: readonly Column<Node>[] = [
  nameColumn,
  { name: 'Status', type: 'string', cell: statusOf },
  { name: 'Roles', type: 'string', cell: rolesOf },
  ageColumn,
  { name: 'Version', type: 'string', cell: ({ status }) => status?.nodeInfo?.kubeletVersion ?? '' },
  { name: 'Internal-IP', type: 'string', wide: true, cell: addressOf('InternalIP') },
  { name: 'External-IP', type: 'string', wide: true, cell: addressOf('ExternalIP') },
  { name: 'OS-Image', type: 'string', wide: true, cell: ({ status }) => status?.nodeInfo?.osImage || '<unknown>' },
  {
    name: 'Kernel-Version',
    type: 'string',
    wide: true,
    cell: ({ status }) => status?.nodeInfo?.kernelVersion || '<unknown>',
  },
  {
    name: 'Container-Runtime',
    type: 'string',
    wide: true,
    cell: ({ status }) => status?.nodeInfo?.containerRuntimeVersion || '<unknown>',
  },
];
