import type { Ingress } from '../meta/types.ts';
import { firstFew } from './first-few.ts';
import { validateIngress } from './ingress-validation.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';

const hosts = ({ spec }: Ingress): string[] => (spec?.rules ?? []).flatMap(({ host }) => (host ? [host] : []));

const addresses = ({ status }: Ingress): string[] => [
  ...new Set((status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '')),
];

/**
 * kubernetes pkg/registry/networking/ingress/strategy.go. A controller in a pod carries it out and writes its status, as in every cluster;
 * k2d itself has none.
 */
export const ingresses = defineResource<Ingress>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  singular: 'ingress',
  shortNames: ['ing'],
  scope: 'Namespaced',
  subresources: ['status'],
  hasGeneration: true,
  keepsStatus: () => true,
  default: (ingress) => ({ ...ingress, status: { loadBalancer: {}, ...ingress.status } }),
  validate: validateIngress,
  columns: [
    nameColumn,
    { name: 'Class', type: 'string', cell: ({ spec }) => spec?.ingressClassName ?? '<none>' },
    { name: 'Hosts', type: 'string', cell: (ingress) => firstFew(hosts(ingress), '*') },
    { name: 'Address', type: 'string', cell: (ingress) => addresses(ingress).toSorted().join(',') },
    { name: 'Ports', type: 'string', cell: ({ spec }) => (spec?.tls?.length ? '80, 443' : '80') },
    ageColumn,
  ],
});
