import { dnsLabel } from '../meta/names.ts';
import { metaOf } from '../meta/object-key.ts';
import type { Namespace } from '../meta/types.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';

/** The namespaces of every cluster (kubernetes pkg/controlplane/controller/systemnamespaces). */
export const systemNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** The phase says nothing that the deletion's time does not say, so it follows from it, after a restart too. */
const phaseOf = (namespace: Namespace): string =>
  metaOf(namespace).deletionTimestamp === undefined ? 'Active' : 'Terminating';

/** The name as a label lets selectors choose namespaces by name (kubernetes pkg/apis/core/v1/defaults.go SetDefaults_Namespace). */
const defaultNamespace = (namespace: Namespace): Namespace => {
  const { name = '', labels } = metaOf(namespace);
  return {
    ...namespace,
    metadata: {
      ...metaOf(namespace),
      ...(name === '' ? {} : { labels: { ...labels, 'kubernetes.io/metadata.name': name } }),
    },
    status: { ...namespace.status, phase: phaseOf(namespace) },
  };
};

/** kubernetes pkg/registry/core/namespace/strategy.go */
export const namespaces = defineResource<Namespace>({
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  scope: 'Cluster',
  subresources: ['status'],
  nameRule: dnsLabel,
  default: defaultNamespace,
  prepareForCreate: (namespace) => ({
    ...namespace,
    spec: { ...namespace.spec, finalizers: [...new Set([...(namespace.spec?.finalizers ?? []), 'kubernetes'])] },
  }),
  // Its finalizers are written through the finalize endpoint only.
  prepareForUpdate: (next, current, subresource) =>
    subresource === 'finalize' ? next : { ...next, spec: { ...next.spec, finalizers: current.spec?.finalizers ?? [] } },
  holdsDeletion: ({ spec }) => (spec?.finalizers ?? []).length > 0,
  fields: [{ path: 'status.phase', value: phaseOf }],
  columns: [
    nameColumn,
    { name: 'Status', type: 'string', description: 'The status of the namespace', cell: phaseOf },
    ageColumn,
  ],
});
