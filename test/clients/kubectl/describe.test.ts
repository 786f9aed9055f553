import { BUSYBOX } from '../../integration/pods.ts';
import { tell } from './stories.ts';

/** `kubectl describe` has words of its own for most kinds, and reads what stands around an object: one of every kind that there is. */

type Kind = { resource: string; apiVersion: string; kind: string; content?: object };

const selector = { matchLabels: { app: 'told' } };
const template = {
  metadata: { labels: selector.matchLabels },
  spec: { nodeSelector: { nowhere: 'at-all' }, containers: [{ name: 'main', image: BUSYBOX }] },
};
const jobTemplate = { spec: { template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } } };
const involved = { kind: 'ConfigMap', namespace: '%ns', name: 'told' };
const roleRef = (kind: string, name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });
const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];

const inNamespaces: readonly Kind[] = [
  { resource: 'pods', apiVersion: 'v1', kind: 'Pod', content: { spec: template.spec } },
  { resource: 'configmaps', apiVersion: 'v1', kind: 'ConfigMap', content: { data: { a: 'b' } } },
  { resource: 'secrets', apiVersion: 'v1', kind: 'Secret', content: { stringData: { a: 'b' } } },
  { resource: 'services', apiVersion: 'v1', kind: 'Service', content: { spec: { ports: [{ port: 80 }] } } },
  { resource: 'endpoints', apiVersion: 'v1', kind: 'Endpoints' },
  {
    resource: 'endpointslices.discovery.k8s.io',
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    content: { addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }] },
  },
  {
    resource: 'events',
    apiVersion: 'v1',
    kind: 'Event',
    content: { involvedObject: involved, reason: 'Told', message: 'told', type: 'Normal' },
  },
  { resource: 'events.events.k8s.io', apiVersion: '', kind: '' },
  { resource: 'serviceaccounts', apiVersion: 'v1', kind: 'ServiceAccount' },
  {
    resource: 'deployments.apps',
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    content: { spec: { replicas: 0, selector, template } },
  },
  {
    resource: 'replicasets.apps',
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    content: { spec: { replicas: 0, selector, template } },
  },
  {
    resource: 'statefulsets.apps',
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    content: { spec: { replicas: 0, serviceName: 'told', selector, template } },
  },
  { resource: 'daemonsets.apps', apiVersion: 'apps/v1', kind: 'DaemonSet', content: { spec: { selector, template } } },
  {
    resource: 'replicationcontrollers',
    apiVersion: 'v1',
    kind: 'ReplicationController',
    content: { spec: { replicas: 0, selector: selector.matchLabels, template } },
  },
  {
    resource: 'controllerrevisions.apps',
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    content: { revision: 1, data: {} },
  },
  { resource: 'podtemplates', apiVersion: 'v1', kind: 'PodTemplate', content: { template } },
  {
    resource: 'jobs.batch',
    apiVersion: 'batch/v1',
    kind: 'Job',
    content: { spec: { suspend: true, ...jobTemplate.spec } },
  },
  {
    resource: 'cronjobs.batch',
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    content: { spec: { suspend: true, schedule: '0 0 * * *', jobTemplate } },
  },
  {
    resource: 'roles.rbac.authorization.k8s.io',
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    content: { rules },
  },
  {
    resource: 'rolebindings.rbac.authorization.k8s.io',
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    content: { roleRef: roleRef('Role', 'told'), subjects: [{ kind: 'ServiceAccount', name: 'told' }] },
  },
  { resource: 'leases.coordination.k8s.io', apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
  {
    resource: 'resourcequotas',
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    content: { spec: { hard: { services: '9' } } },
  },
  {
    resource: 'limitranges',
    apiVersion: 'v1',
    kind: 'LimitRange',
    content: { spec: { limits: [{ type: 'PersistentVolumeClaim', max: { storage: '1Gi' } }] } },
  },
  {
    resource: 'persistentvolumeclaims',
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    content: {
      spec: { storageClassName: '', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
    },
  },
  {
    resource: 'poddisruptionbudgets.policy',
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    content: { spec: { minAvailable: 1, selector } },
  },
  {
    resource: 'horizontalpodautoscalers.autoscaling',
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    content: {
      spec: { maxReplicas: 2, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'told' } },
    },
  },
  {
    resource: 'ingresses.networking.k8s.io',
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    content: { spec: { defaultBackend: { service: { name: 'told', port: { number: 80 } } } } },
  },
  {
    resource: 'networkpolicies.networking.k8s.io',
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    content: { spec: { podSelector: selector, ingress: [{ ports: [{ port: 80 }] }] } },
  },
  {
    resource: 'network-attachment-definitions.k8s.cni.cncf.io',
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
  },
];

const match = {
  resourceRules: [{ apiGroups: ['none.example'], apiVersions: ['v1'], operations: ['*'], resources: ['*'] }],
};
const admission = 'admissionregistration.k8s.io';

const inTheCluster: readonly Kind[] = [
  { resource: 'namespaces', apiVersion: 'v1', kind: 'Namespace' },
  { resource: 'nodes', apiVersion: 'v1', kind: 'Node' },
  { resource: 'nodes.metrics.k8s.io', apiVersion: '', kind: '' },
  { resource: 'pods.metrics.k8s.io', apiVersion: '', kind: '' },
  {
    resource: 'clusterroles.rbac.authorization.k8s.io',
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    content: { rules },
  },
  {
    resource: 'clusterrolebindings.rbac.authorization.k8s.io',
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    content: { roleRef: roleRef('ClusterRole', 'view'), subjects: [] },
  },
  {
    resource: 'priorityclasses.scheduling.k8s.io',
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    content: { value: 7 },
  },
  {
    resource: 'runtimeclasses.node.k8s.io',
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    content: { handler: 'none' },
  },
  {
    resource: 'ingressclasses.networking.k8s.io',
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    content: { spec: { controller: 'none.example/none' } },
  },
  {
    resource: 'storageclasses.storage.k8s.io',
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    content: { provisioner: 'none.example/none' },
  },
  {
    resource: 'persistentvolumes',
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    content: {
      spec: {
        storageClassName: 'told-%ns',
        accessModes: ['ReadWriteOnce'],
        capacity: { storage: '1Mi' },
        hostPath: { path: '/tmp' },
      },
    },
  },
  ...['Mutating', 'Validating'].map((form) => ({
    resource: `${form.toLowerCase()}webhookconfigurations.${admission}`,
    apiVersion: `${admission}/v1`,
    kind: `${form}WebhookConfiguration`,
    content: { webhooks: [] },
  })),
  {
    resource: `validatingadmissionpolicies.${admission}`,
    apiVersion: `${admission}/v1`,
    kind: 'ValidatingAdmissionPolicy',
    content: { spec: { matchConstraints: match, validations: [{ expression: 'true' }] } },
  },
  {
    resource: `validatingadmissionpolicybindings.${admission}`,
    apiVersion: `${admission}/v1`,
    kind: 'ValidatingAdmissionPolicyBinding',
    content: { spec: { policyName: 'told-%ns', validationActions: ['Deny'] } },
  },
  {
    resource: 'customresourcedefinitions.apiextensions.k8s.io',
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
  },
];

/** These are there, whoever brought them. */
const present: Readonly<Record<string, string>> = {
  nodes: '',
  'nodes.metrics.k8s.io': '',
  'pods.metrics.k8s.io': '',
  'customresourcedefinitions.apiextensions.k8s.io': '/network-attachment-definitions.k8s.cni.cncf.io',
};

const objects = [
  ...inNamespaces.map((kind) => ({ ...kind, name: 'told' })),
  ...inTheCluster.map((kind) => ({ ...kind, name: 'told-%ns' })),
];
const made = objects.filter(({ resource, kind }) => kind !== '' && !Object.hasOwn(present, resource));
const words = objects.map(({ resource, name }) => resource + (present[resource] ?? `/${name}`));
// A name goes with every kind or with none, in one command.
const named = words.filter((word) => word.includes('/'));
const resources = objects.map(({ resource }) => resource.replaceAll('.', String.raw`\.`));

tell(
  'describing',
  [
    {
      name: 'every kind that there is',
      steps: [
        // Other stories define kinds of their own in the meantime.
        {
          run: 'api-resources --verbs=list -o name',
          prints: new RegExp(String.raw`^((${resources.join('|')}|\S+\.example(\.\w+)?)\n){${objects.length},}$`),
        },
        {
          run: ['describe', ...named],
          prints: new RegExp(String.raw`^((^|\n)Name: +(told|network-attachment-definitions)[^]*?){${named.length}}$`),
          says: /^(Warning: .*\n)*$/,
        },
        { run: 'describe nodes', prints: /^Name: / },
        { run: 'describe nodes.metrics.k8s.io', prints: /^Name: [^]*\nUsage:\n/ },
      ],
    },
  ],
  [
    {
      run: 'apply --server-side -f -',
      input: made.map(({ apiVersion, kind, name, content = {} }) => ({
        apiVersion,
        kind,
        metadata: { name },
        ...content,
      })),
      says: /^/,
    },
  ],
);
