import type { ClusterRole, ClusterRoleBinding, PolicyRule } from '../meta/types.ts';
import { privilegedGroup } from '../meta/user-info.ts';
import { rbacGroup } from '../resources/rbac-group.ts';

// The roles and bindings that clients expect of every cluster, in the words of Kubernetes 1.35
// (plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata). Left out are those of Kubernetes' own components, of which k2d has none, and
// `system:unauthenticated`, for nobody is anonymous here. Rules about resources that k2d does not serve stay: they decide what an
// administrator of a namespace may put in roles of his own.

const read = ['get', 'list', 'watch'];
const write = ['create', 'delete', 'deletecollection', 'patch', 'update'];

/** `lines` hold names of resources, with blanks between them. */
const allow = (verbs: readonly string[], group: string, ...lines: string[]): PolicyRule => ({
  apiGroups: [group],
  resources: lines.flatMap((line) => line.split(' ')),
  verbs: [...verbs],
});

const allowPaths = (...nonResourceURLs: string[]): PolicyRule => ({ nonResourceURLs, verbs: ['get'] });

const toView: readonly PolicyRule[] = [
  allow(
    read,
    '',
    'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods',
    'replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status',
  ),
  allow(
    read,
    '',
    'bindings events limitranges namespaces/status pods/log pods/status',
    'replicationcontrollers/status resourcequotas resourcequotas/status',
  ),
  allow(read, '', 'namespaces'),
  allow(read, 'discovery.k8s.io', 'endpointslices'),
  allow(
    read,
    'apps',
    'controllerrevisions daemonsets daemonsets/status deployments deployments/scale',
    'deployments/status replicasets replicasets/scale replicasets/status statefulsets',
    'statefulsets/scale statefulsets/status',
  ),
  allow(read, 'autoscaling', 'horizontalpodautoscalers', 'horizontalpodautoscalers/status'),
  allow(read, 'batch', 'cronjobs', 'cronjobs/status', 'jobs', 'jobs/status'),
  allow(
    read,
    'extensions',
    'daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses',
    'ingresses/status networkpolicies replicasets replicasets/scale replicasets/status',
    'replicationcontrollers/scale',
  ),
  allow(read, 'policy', 'poddisruptionbudgets', 'poddisruptionbudgets/status'),
  allow(read, 'networking.k8s.io', 'ingresses', 'ingresses/status', 'networkpolicies'),
];

const intoPods = ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy'];

const toEdit: readonly PolicyRule[] = [
  allow(read, '', ...intoPods, 'secrets', 'services/proxy'),
  allow(['impersonate'], '', 'serviceaccounts'),
  allow(write, '', 'pods', ...intoPods),
  allow(['create'], '', 'pods/eviction'),
  allow(
    write,
    '',
    'configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale',
    'secrets serviceaccounts services services/proxy',
  ),
  allow(['create'], '', 'serviceaccounts/token'),
  allow(
    write,
    'apps',
    'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale',
    'statefulsets statefulsets/scale',
  ),
  allow(write, 'autoscaling', 'horizontalpodautoscalers'),
  allow(write, 'batch', 'cronjobs', 'jobs'),
  allow(
    write,
    'extensions',
    'daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies',
    'replicasets replicasets/scale replicationcontrollers/scale',
  ),
  allow(write, 'policy', 'poddisruptionbudgets'),
  allow(write, 'networking.k8s.io', 'ingresses', 'networkpolicies'),
  allow([...read, ...write], 'coordination.k8s.io', 'leases'),
];

const toAdmin: readonly PolicyRule[] = [
  allow(['create'], 'authorization.k8s.io', 'localsubjectaccessreviews'),
  allow([...read, ...write], rbacGroup, 'rolebindings', 'roles'),
];

const health = ['/healthz', '/livez', '/readyz'];
const version = ['/version', '/version/'];

/** Marks what k2d keeps up to date; `"false"` in a cluster makes it leave the object alone. */
export const autoupdate = 'rbac.authorization.kubernetes.io/autoupdate';

const metadata = (name: string, labels: Readonly<Record<string, string>> = {}) => ({
  name,
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels },
  annotations: { [autoupdate]: 'true' },
});

const role = (name: string, rules: readonly PolicyRule[], labels?: Readonly<Record<string, string>>): ClusterRole => ({
  metadata: metadata(name, labels),
  rules: [...rules],
});

const aggregateTo = (name: string) => ({ [`rbac.authorization.k8s.io/aggregate-to-${name}`]: 'true' });

/** Its rules are those of all roles with the label: kinds of other people join by it. */
const aggregate = (name: string, labels?: Readonly<Record<string, string>>): ClusterRole => ({
  metadata: metadata(name, labels),
  aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregateTo(name) }] },
});

export const defaultClusterRoles: readonly ClusterRole[] = [
  role('cluster-admin', [allow(['*'], '*', '*'), { nonResourceURLs: ['*'], verbs: ['*'] }]),
  aggregate('admin'),
  aggregate('edit', aggregateTo('admin')),
  aggregate('view', aggregateTo('edit')),
  role('system:aggregate-to-admin', toAdmin, aggregateTo('admin')),
  role('system:aggregate-to-edit', toEdit, aggregateTo('edit')),
  role('system:aggregate-to-view', toView, aggregateTo('view')),
  // metrics-server's own (kubernetes-sigs/metrics-server manifests/base/rbac.yaml), for k2d serves its group itself.
  role('system:aggregated-metrics-reader', [allow(read, 'metrics.k8s.io', 'pods', 'nodes')], {
    ...aggregateTo('view'),
    ...aggregateTo('edit'),
    ...aggregateTo('admin'),
  }),
  role('system:basic-user', [
    allow(['create'], 'authorization.k8s.io', 'selfsubjectaccessreviews', 'selfsubjectrulesreviews'),
    allow(['create'], 'authentication.k8s.io', 'selfsubjectreviews'),
  ]),
  role('system:discovery', [
    allowPaths('/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*', ...health, ...version),
  ]),
  role('system:public-info-viewer', [allowPaths(...health, ...version)]),
  role('system:monitoring', [
    allowPaths(...health.flatMap((path) => [path, `${path}/*`]), '/metrics', '/metrics/slis'),
  ]),
  role('system:service-account-issuer-discovery', [
    allowPaths(
      '/.well-known/openid-configuration',
      '/.well-known/openid-configuration/',
      '/openid/v1/jwks',
      '/openid/v1/jwks/',
    ),
  ]),
  role('system:auth-delegator', [
    allow(['create'], 'authentication.k8s.io', 'tokenreviews'),
    allow(['create'], 'authorization.k8s.io', 'subjectaccessreviews'),
  ]),
];

const bindToGroup = (name: string, group: string): ClusterRoleBinding => ({
  metadata: metadata(name),
  roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name },
  subjects: [{ apiGroup: rbacGroup, kind: 'Group', name: group }],
});

export const defaultClusterRoleBindings: readonly ClusterRoleBinding[] = [
  bindToGroup('cluster-admin', privilegedGroup),
  bindToGroup('system:basic-user', 'system:authenticated'),
  bindToGroup('system:discovery', 'system:authenticated'),
  bindToGroup('system:public-info-viewer', 'system:authenticated'),
  bindToGroup('system:monitoring', 'system:monitoring'),
  bindToGroup('system:service-account-issuer-discovery', 'system:serviceaccounts'),
];
