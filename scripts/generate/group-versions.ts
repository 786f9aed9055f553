/** A group version whose types k2d knows: where each source of facts keeps it. */
export type GroupVersionSource = {
  /** As in `apiVersion`: `v1`, `apps/v1`. The types that all groups share stand under `meta/v1`. */
  readonly apiVersion: string;
  /** The group's name in merge-keys.tsv and in the class names of the generated client. */
  readonly shortGroup: string;
  readonly version: string;
  /** Prefix of its messages in protobuf-fields.tsv. */
  readonly protobufPackage: string;
  /** Prefix of its schema names in OpenAPI documents. */
  readonly openApiPackage: string;
};

const api = (apiVersion: string, shortGroup: string, version = 'v1'): GroupVersionSource => ({
  apiVersion,
  shortGroup,
  version,
  protobufPackage: `k8s.io.api.${shortGroup}.${version}`,
  openApiPackage: `io.k8s.api.${shortGroup}.${version}`,
});

export const metaGroupVersion: GroupVersionSource = {
  apiVersion: 'meta/v1',
  shortGroup: 'meta',
  version: 'v1',
  protobufPackage: 'k8s.io.apimachinery.pkg.apis.meta.v1',
  openApiPackage: 'io.k8s.apimachinery.pkg.apis.meta.v1',
};

/** Every group version that k2d serves or is meant to serve. */
export const groupVersions: readonly GroupVersionSource[] = [
  metaGroupVersion,
  api('v1', 'core'),
  api('admissionregistration.k8s.io/v1', 'admissionregistration'),
  {
    apiVersion: 'apiextensions.k8s.io/v1',
    shortGroup: 'apiextensions',
    version: 'v1',
    protobufPackage: 'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1',
    openApiPackage: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  },
  api('apps/v1', 'apps'),
  api('authentication.k8s.io/v1', 'authentication'),
  api('authorization.k8s.io/v1', 'authorization'),
  api('autoscaling/v1', 'autoscaling'),
  api('autoscaling/v2', 'autoscaling', 'v2'),
  api('batch/v1', 'batch'),
  api('coordination.k8s.io/v1', 'coordination'),
  api('discovery.k8s.io/v1', 'discovery'),
  api('events.k8s.io/v1', 'events'),
  api('networking.k8s.io/v1', 'networking'),
  api('node.k8s.io/v1', 'node'),
  api('policy/v1', 'policy'),
  api('rbac.authorization.k8s.io/v1', 'rbac'),
  api('scheduling.k8s.io/v1', 'scheduling'),
  api('storage.k8s.io/v1', 'storage'),
];
