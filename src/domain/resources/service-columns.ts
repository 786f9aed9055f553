import { formatLabels } from './format-selector.ts';
import type { Service, ServicePort } from '../meta/types.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import type { Column } from './resource-definition.ts';

function externalAddress({ spec, status }: Service): string {
  if (spec?.type === 'ExternalName') return spec.externalName ?? '';
  const given = spec?.externalIPs ?? [];
  if (spec?.type !== 'LoadBalancer') return given.join(',') || '<none>';
  const balancers = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '');
  return [...balancers, ...given].join(',') || '<pending>';
}

const portText = ({ port, nodePort, protocol }: ServicePort): string =>
  `${nodePort ? `${port}:${nodePort}` : port}/${protocol ?? 'TCP'}`;

/** kubernetes pkg/printers/internalversion/printers.go printService */
export const serviceColumns: readonly Column<Service>[] = [
  nameColumn,
  { name: 'Type', type: 'string', cell: ({ spec }) => spec?.type ?? '' },
  { name: 'Cluster-IP', type: 'string', cell: ({ spec }) => spec?.clusterIPs?.[0] ?? '<none>' },
  { name: 'External-IP', type: 'string', cell: externalAddress },
  { name: 'Port(s)', type: 'string', cell: ({ spec }) => (spec?.ports ?? []).map(portText).join(',') || '<none>' },
  ageColumn,
  { name: 'Selector', type: 'string', wide: true, cell: ({ spec }) => formatLabels(spec?.selector) },
];
