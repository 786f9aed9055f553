import { testsIn, type ConformanceTable } from './conformance-table.ts';

const discovery = testsIn('test/kubernetes-conformance/discovery.test.ts');
const watching = testsIn('test/kubernetes-conformance/watching.test.ts');
const chunking = testsIn('test/kubernetes-conformance/chunking.test.ts');
const fields = testsIn('test/kubernetes-conformance/field-validation.test.ts');
const garbage = testsIn('test/kubernetes-conformance/garbage-collection.test.ts');
const namespaces = testsIn('test/kubernetes-conformance/namespaces.test.ts');
const quotas = testsIn('test/kubernetes-conformance/resource-quotas.test.ts');
const definitions = testsIn('test/kubernetes-conformance/custom-resource-definitions.test.ts');
const webhooks = testsIn('test/kubernetes-conformance/admission-webhooks.test.ts');
const slowWebhooks = testsIn('src/cli/serve/admission-webhooks.test.ts');
const expressions = testsIn('test/kubernetes-conformance/admission-expressions.test.ts');
const accounts = testsIn('test/kubernetes-conformance/service-accounts.test.ts');
const objects = testsIn('test/kubernetes-conformance/objects.test.ts');
const kubectl = testsIn('test/clients/kubectl-conformance.test.ts');

const lifecycles = testsIn('test/kubernetes-conformance/object-lifecycles.test.ts');
const lifecycleOf = (kind: string) =>
  lifecycles(kind, 'is found, made, read, listed, watched, patched, replaced and deleted, alone and together');

const notServed = {
  except: 'APIServices, CertificateSigningRequests and CSINodes are not served, so clients do not find them',
};
const viaUrl = { except: 'the webhook is asked at a URL; the way through a Service has tests of its own' };

const csi = { absent: 'no CSI driver can run on this node, so nothing would look at the object' };
const dynamicResources = { absent: 'nothing allocates devices to claims on this node, so the object would be ignored' };
const volumes = testsIn('test/kubernetes-conformance/persistent-volumes.test.ts');
const mutatingPolicies = {
  absent: 'MutatingAdmissionPolicies are not served: expressions decide here, and webhooks change',
};
const flowControl = { absent: 'requests do not queue by priority, so the object would be stored and ignored' };
const conversion = { absent: 'webhooks that convert between versions are refused with a message' };
const serviceAddresses = {
  absent: 'addresses of Services come from the one range of the settings, which no object can change',
};

/** Tests of the API server and of what needs no container. */
export const apiServer: ConformanceTable = {
  '[sig-api-machinery] API priority and fairness should support FlowSchema API operations': flowControl,
  '[sig-api-machinery] API priority and fairness should support PriorityLevelConfiguration API operations': flowControl,

  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to create and update mutating webhook configurations with match conditions':
    expressions('conditions of %s webhooks', 'are kept, and can be changed'),
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should reject mutating webhook configurations with invalid match conditions':
    expressions('conditions of %s webhooks', 'are refused when they mean nothing'),
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to create and update validating webhook configurations with match conditions':
    expressions('conditions of %s webhooks', 'are kept, and can be changed'),
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should reject validating webhook configurations with invalid match conditions':
    expressions('conditions of %s webhooks', 'are refused when they mean nothing'),
  "[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate everything except 'skip-me' configmaps":
    { ...viaUrl, ...expressions('a webhook changes everything except what its condition leaves out') },
  '[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should mutate a Deployment': mutatingPolicies,
  '[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should mutate a Deployment with annotations':
    mutatingPolicies,
  '[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should support MutatingAdmissionPolicy API operations':
    mutatingPolicies,
  '[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should support MutatingAdmissionPolicyBinding API operations':
    mutatingPolicies,
  '[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should allow expressions to refer variables.':
    expressions('ValidatingAdmissionPolicy', 'has variables that its expressions refer to'),
  '[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should validate against a Deployment':
    expressions('ValidatingAdmissionPolicy', 'decides about a Deployment, when it is made and when it changes'),
  '[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should support ValidatingAdmissionPolicy API operations':
    expressions(
      'ValidatingAdmissionPolicy',
      '%s are found, made, read, listed, watched, patched, replaced and deleted',
      'validatingadmissionpolicies',
    ),
  '[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should support ValidatingAdmissionPolicyBinding API operations':
    expressions(
      'ValidatingAdmissionPolicy',
      '%s are found, made, read, listed, watched, patched, replaced and deleted',
      'validatingadmissionpolicybindings',
    ),
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] listing mutating webhooks should work': {
    ...webhooks('mutating', 'are listed by label and deleted together'),
    ...viaUrl,
  },
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] listing validating webhooks should work': {
    ...webhooks('validating', 'are listed by label and deleted together'),
    ...viaUrl,
  },
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] patching/updating a mutating webhook should work': {
    ...webhooks('mutating', 'are asked as their rules say now, after an update and after a patch'),
    ...viaUrl,
  },
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] patching/updating a validating webhook should work': {
    ...webhooks('validating', 'are asked as their rules say now, after an update and after a patch'),
    ...viaUrl,
  },
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to deny attaching pod': {
    absent: 'webhooks are asked about what is written, not about connections',
  },
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to deny custom resource creation, update and deletion':
    { ...webhooks('a validating webhook', 'refuses custom resources made, changed and deleted'), ...viaUrl },
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should be able to deny pod and configmap creation': {
    by: [
      ...webhooks(
        'a validating webhook',
        'refuses pods, and ConfigMaps however they are written, but not in a namespace that is let off',
      ).by,
      ...webhooks('a validating webhook', 'that hangs fails the request in its time').by,
    ],
    ...viaUrl,
  },
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should deny crd creation': {
    ...webhooks('a validating webhook', 'refuses definitions'),
    ...viaUrl,
  },
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should honor timeout': {
    by: [
      ...slowWebhooks('a webhook that does not answer as it should', 'in time fails the request').by,
      ...slowWebhooks('a webhook that does not answer as it should', 'in time may be ignored').by,
    ],
    ...viaUrl,
  },
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should include webhook resources in discovery documents':
    discovery('plain discovery', 'leads to %s/%s %s', 'mutatingwebhookconfigurations'),
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate configmap': {
    ...webhooks('a mutating webhook', 'builds on what the one before it has changed'),
    ...viaUrl,
  },
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate custom resource': {
    ...webhooks('a mutating webhook', 'changes custom resources, and what their schema does not know is pruned'),
    ...viaUrl,
  },
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate custom resource with different stored version':
    {
      ...webhooks(
        'a mutating webhook',
        'changes custom resources also when they are stored in another version than before',
      ),
      ...viaUrl,
    },
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate custom resource with pruning': {
    ...webhooks('a mutating webhook', 'changes custom resources, and what their schema does not know is pruned'),
    ...viaUrl,
  },
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should mutate pod and apply defaults after mutation':
    {
      ...webhooks('a mutating webhook', 'has defaults filled in after it'),
      ...viaUrl,
    },
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should not be able to mutate or prevent deletion of webhook configuration objects':
    { ...webhooks('configurations of webhooks are no business of webhooks'), ...viaUrl },
  '[sig-api-machinery] AdmissionWebhook [Privileged:ClusterAdmin] should unconditionally reject operations on fail closed webhook':
    {
      ...webhooks('a validating webhook', 'that cannot be reached refuses everything when it fails closed'),
      ...viaUrl,
    },

  '[sig-api-machinery] AggregatedDiscovery should support aggregated discovery interface': {
    ...discovery('aggregated discovery', 'has everything in two documents'),
    ...notServed,
  },
  '[sig-api-machinery] AggregatedDiscovery should support aggregated discovery interface for CRDs': discovery(
    'aggregated discovery',
    'has custom resources as soon as they are served',
  ),
  '[sig-api-machinery] AggregatedDiscovery should support raw aggregated discovery endpoint Accept headers': {
    ...discovery('aggregated discovery', 'has everything in two documents'),
    ...notServed,
  },
  '[sig-api-machinery] AggregatedDiscovery should support raw aggregated discovery request for CRDs': discovery(
    'aggregated discovery',
    'has custom resources as soon as they are served',
  ),
  '[sig-api-machinery] Aggregator Should be able to support the 1.17 Sample API Server using the current Aggregator': {
    absent: 'no other API server can be put behind this one: APIServices are not served',
  },

  '[sig-api-machinery] CustomResourceConversionWebhook [Privileged:ClusterAdmin] should be able to convert a non homogeneous list of CRs':
    conversion,
  '[sig-api-machinery] CustomResourceConversionWebhook [Privileged:ClusterAdmin] should be able to convert from CR v1 to CR v2':
    conversion,
  '[sig-api-machinery] CustomResourceDefinition Watch [Privileged:ClusterAdmin] CustomResourceDefinition Watch watch on custom resource definition objects':
    definitions('custom resources', 'are watched one by one, as they come, change and go'),
  '[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] Simple CustomResourceDefinition creating/deleting custom resource definition objects works':
    definitions('definitions', 'are made and deleted'),
  '[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] Simple CustomResourceDefinition getting/updating/patching custom resource definition status sub-resource works':
    definitions('definitions', 'have a status that is read, replaced and patched apart'),
  '[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] Simple CustomResourceDefinition listing custom resource definition objects works':
    definitions('definitions', 'are listed by label and deleted together'),
  '[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] custom resource defaulting for requests and from storage works':
    definitions(
      'custom resources',
      'get defaults when they are written, and when they are read after the schema has got more',
    ),
  '[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] should include custom resource definition resources in discovery documents':
    discovery('plain discovery', 'leads to %s/%s %s', 'customresourcedefinitions'),
  '[sig-api-machinery] CustomResourceFieldSelectors [Privileged:ClusterAdmin] CustomResourceFieldSelectors MUST list and watch custom resources matching the field selector':
    definitions(
      'custom resources',
      'are listed, watched and deleted by the fields that their definition names, in every version',
    ),
  '[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] removes definition from spec when one version gets changed to not be served':
    kubectl('a custom resource', 'one version of which is %s is described in the others', 'not served any more'),
  '[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] updates the published spec when one version gets renamed':
    kubectl('a custom resource', 'one version of which is %s is described in the others', 'renamed'),
  '[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD preserving unknown fields at the schema root':
    kubectl('a custom resource', 'without a schema takes anything, and has no description'),
  '[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD preserving unknown fields in an embedded object':
    kubectl('a custom resource', 'that is free at one place takes anything there'),
  '[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD with validation schema':
    kubectl('a custom resource', 'with a schema is validated and explained'),
  '[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD without validation schema':
    kubectl('a custom resource', 'without a schema takes anything, and has no description'),
  '[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for multiple CRDs of different groups':
    kubectl('a custom resource', '%s are all described', 'of different groups'),
  '[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for multiple CRDs of same group and version but different kinds':
    kubectl('a custom resource', '%s are all described', 'of one group and version of different kinds'),
  '[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for multiple CRDs of same group but different versions':
    kubectl('a custom resource', '%s are all described', 'of one group in different versions'),

  '[sig-api-machinery] Discovery should locate the groupVersion and a resource within each APIGroup': {
    ...discovery('plain discovery', 'leads to %s/%s %s'),
    ...notServed,
  },
  '[sig-api-machinery] Discovery should validate PreferredVersion for each APIGroup': discovery(
    'plain discovery',
    'prefers a version of each group that the group has',
  ),

  '[sig-api-machinery] FieldValidation should create/apply a CR with unknown fields for CRD with no validation schema':
    fields('a custom resource', 'without a schema may have any fields'),
  '[sig-api-machinery] FieldValidation should create/apply a valid CR for CRD with validation schema': fields(
    'a custom resource',
    'that fits its schema is applied',
  ),
  '[sig-api-machinery] FieldValidation should create/apply an invalid CR with extra properties for CRD with validation schema':
    fields('a custom resource', 'with a field beside its schema is refused'),
  '[sig-api-machinery] FieldValidation should detect duplicates in a CR when preserving unknown fields': fields(
    'a custom resource',
    'with a field twice is refused, by the line, also where anything may be',
  ),
  '[sig-api-machinery] FieldValidation should detect unknown and duplicate fields of a typed object': fields(
    'a kind that is built in',
    'is refused for unknown and double %s',
    'fields',
  ),
  '[sig-api-machinery] FieldValidation should detect unknown metadata fields in both the root and embedded object of a CR':
    fields('a custom resource', 'with unknown metadata is refused, its own and that of an object inside'),
  '[sig-api-machinery] FieldValidation should detect unknown metadata fields of a typed object': fields(
    'a kind that is built in',
    'is refused for unknown and double %s',
    'metadata',
  ),

  '[sig-api-machinery] Garbage collector should delete RS created by deployment when not orphaning': garbage(
    'a Deployment',
    'takes its ReplicaSet and pods along',
  ),
  '[sig-api-machinery] Garbage collector should delete pods created by rc when not orphaning': garbage(
    'a %s',
    'takes its pods along',
    'ReplicationController',
  ),
  '[sig-api-machinery] Garbage collector should keep the rc around until all its pods are deleted if the deleteOptions says so':
    garbage('a %s', 'stays until its pods are gone when they are to go first', 'ReplicationController'),
  '[sig-api-machinery] Garbage collector should not be blocked by dependency circle': garbage(
    'pods that own each other in a circle all go',
  ),
  "[sig-api-machinery] Garbage collector should not delete dependents that have both valid owner and owner that's waiting for dependents to be deleted":
    garbage(
      'a %s',
      'that waits for a pod with another owner that stays is the only one to lose it',
      'ReplicationController',
    ),
  '[sig-api-machinery] Garbage collector should orphan RS created by deployment when deleteOptions.PropagationPolicy is Orphan':
    garbage('a Deployment', 'leaves its ReplicaSet and pods when it is to orphan them'),
  '[sig-api-machinery] Garbage collector should orphan pods created by rc if delete options say so': garbage(
    'a %s',
    'leaves its pods when it is to orphan them',
    'ReplicationController',
  ),

  '[sig-api-machinery] Namespaces should apply a finalizer to a Namespace': namespaces(
    'finalizers of its spec come and go through their own endpoint',
  ),
  '[sig-api-machinery] Namespaces should apply an update to a Namespace': namespaces(
    'a patch and an update give it labels',
  ),
  '[sig-api-machinery] Namespaces should apply changes to a namespace status': namespaces(
    'its status is patched and updated apart',
  ),
  '[sig-api-machinery] Namespaces should ensure that all pods are removed when a namespace is deleted': namespaces(
    'the end of a namespace',
    'is the end of its %s, also for the next of its name',
    'pods',
  ),
  '[sig-api-machinery] Namespaces should ensure that all services are removed when a namespace is deleted': namespaces(
    'the end of a namespace',
    'is the end of its %s, also for the next of its name',
    'services',
  ),
  '[sig-api-machinery] Namespaces should patch a Namespace': namespaces('a patch and an update give it labels'),
  '[sig-api-machinery] OrderedNamespaceDeletion namespace deletion should delete pod first': namespaces(
    'the end of a namespace',
    'begins with its pods: as long as one is held, everything else stays',
  ),

  '[sig-api-machinery] ResourceQuota should apply changes to a resourcequota status': quotas(
    'a status that somebody writes is shown, and soon made right again; the spec stays',
  ),
  '[sig-api-machinery] ResourceQuota should be able to update and delete ResourceQuota.': quotas(
    'a quota is replaced without naming its version, and deleted',
  ),
  '[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a configMap.': quotas(
    'the life of what is counted',
    'a ConfigMap',
  ),
  '[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a pod.': quotas(
    'the life of what is counted',
    'a pod, by what it asks for',
  ),
  '[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a replica set.': quotas(
    'the life of what is counted',
    'a ReplicaSet',
  ),
  '[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a replication controller.':
    quotas('the life of what is counted', 'a ReplicationController'),
  '[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a secret.': quotas(
    'the life of what is counted',
    'a Secret',
  ),
  '[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life of a service.': quotas(
    'the life of what is counted',
    'a Service, by its ports on the node',
  ),
  '[sig-api-machinery] ResourceQuota should create a ResourceQuota and ensure its status is promptly calculated.':
    quotas('a quota says at once what is used, itself included'),
  '[sig-api-machinery] ResourceQuota should manage the lifecycle of a ResourceQuota': lifecycleOf('ResourceQuota'),
  '[sig-api-machinery] ResourceQuota should verify ResourceQuota with best effort scope.': quotas(
    '$scope counts what is meant, $opposite the rest',
    'BestEffort',
  ),
  '[sig-api-machinery] ResourceQuota should verify ResourceQuota with terminating scopes.': quotas(
    '$scope counts what is meant, $opposite the rest',
    'Terminating',
  ),

  '[sig-api-machinery] Servers with support for API chunking should return chunks of results for list calls': chunking(
    'pages of any size make the whole list',
  ),
  '[sig-api-machinery] Servers with support for API chunking should support continue listing from the last key if the original version has been compacted away, though the list is inconsistent':
    chunking('a list that is too old to be continued goes on from its last key, at the present version'),
  '[sig-api-machinery] Servers with support for Table transformation should return a 406 for a backend which does not implement metadata':
    discovery('a table of what is no object is not acceptable'),
  '[sig-api-machinery] StorageVersionMigration CRUD Tests storagemigration.k8s.io/v1 StorageVersionMigration': {
    absent: 'objects are kept as they were written and read in every version, so there is nothing to migrate',
  },

  '[sig-api-machinery] Watchers should be able to restart watching from the last resource version observed by the previous watch':
    watching('a watch goes on where the last one ended'),
  '[sig-api-machinery] Watchers should be able to start watching from a specific resource version': watching(
    'a watch from a version hears of everything after it, and nothing before',
  ),
  '[sig-api-machinery] Watchers should observe add, update, and delete watch notifications on configmaps': watching(
    'watches by label hear of what is theirs, whatever happens to it',
  ),
  '[sig-api-machinery] Watchers should observe an object deletion if it stops meeting the requirements of the selector':
    watching('what no longer matches the selector is deleted for the watch, and added when it matches again'),
  '[sig-api-machinery] Watchers should receive events on concurrent watches in same order': watching(
    'watches that begin at each of many changes tell the rest in the same order',
  ),
  '[sig-api-machinery] server version should find the server version': discovery(
    'the version is a number of two parts',
  ),

  '[sig-auth] Certificates API [Privileged:ClusterAdmin] should support CSR API operations': {
    absent: 'certificates of clients come with the kubeconfig; nothing here approves or signs what somebody asks for',
  },
  '[sig-auth] PodCertificateRequest API [Privileged:ClusterAdmin] should support PodCertificateRequest API operations':
    {
      absent: 'nothing here signs certificates for pods, so the object would be ignored',
    },
  '[sig-auth] ServiceAccounts should create a serviceAccountToken and ensure a successful TokenReview': accounts(
    'a token that was asked for speaks for its account, and the review says so',
  ),
  '[sig-auth] ServiceAccounts should run through the lifecycle of a ServiceAccount': lifecycleOf('ServiceAccount'),
  '[sig-auth] ServiceAccounts should update a ServiceAccount': lifecycleOf('ServiceAccount'),
  '[sig-auth] SubjectReview should support SubjectReview API operations': accounts(
    'reviews of what others may do say the same, asked anywhere or in the namespace',
  ),

  '[sig-cli] Kubectl client Kubectl api-versions should check if v1 is in available api versions': kubectl(
    'what kubectl tells of the server',
    'has v1 among the versions',
  ),
  '[sig-cli] Kubectl client Kubectl cluster-info should check if Kubernetes control plane services is included in cluster-info':
    kubectl('what kubectl tells of the server', 'says where the control plane is'),
  '[sig-cli] Kubectl client Kubectl diff should check if kubectl diff finds a difference for Deployments': kubectl(
    'what does not change anything',
    'diff shows what an apply would change',
  ),
  '[sig-cli] Kubectl client Kubectl server-side dry-run should check if kubectl can dry-run update Pods': kubectl(
    'what does not change anything',
    'a dry run at the server answers the change and keeps the image',
  ),
  '[sig-cli] Kubectl client Kubectl version should check is all data is printed': kubectl(
    'what kubectl tells of the server',
    'has a version of both',
  ),
  '[sig-cli] Kubectl client Proxy server should support --unix-socket=/path': kubectl('a proxy', 'listens at a socket'),
  '[sig-cli] Kubectl client Proxy server should support proxy with --port 0': kubectl(
    'a proxy',
    'listens at a port that is free',
  ),

  '[sig-instrumentation] Events API should delete a collection of events': lifecycleOf('Event (events.k8s.io/v1)'),
  '[sig-instrumentation] Events API should ensure that an event can be fetched, patched, deleted, and listed': {
    by: [...lifecycleOf('Event (events.k8s.io/v1)').by, ...objects('an event', 'is the same in both groups').by],
  },
  '[sig-instrumentation] Events should delete a collection of events': lifecycleOf('Event (core/v1)'),
  '[sig-instrumentation] Events should manage the lifecycle of an event': lifecycleOf('Event (core/v1)'),

  '[sig-network] EndpointSlice should support creating EndpointSlice API operations': lifecycleOf('EndpointSlice'),
  '[sig-network] Endpoints should test the lifecycle of an Endpoint': lifecycleOf('Endpoints'),
  '[sig-network] Ingress API should support creating Ingress API operations': lifecycleOf('Ingress'),
  '[sig-network] IngressClass API should support creating IngressClass API operations': lifecycleOf('IngressClass'),
  '[sig-network] ServiceCIDR and IPAddress API should support IPAddress API operations': serviceAddresses,
  '[sig-network] ServiceCIDR and IPAddress API should support ServiceCIDR API operations': serviceAddresses,

  '[sig-node] ConfigMap should fail to create ConfigMap with empty key': objects('configmaps', 'have no empty key'),
  '[sig-node] ConfigMap should run through a ConfigMap lifecycle': lifecycleOf('ConfigMap'),
  '[sig-node] ConfigMap should update ConfigMap successfully': objects('configmaps', 'are replaced'),
  '[sig-node] Lease lease API should be available': lifecycleOf('Lease'),
  '[sig-node] Node Lifecycle should run through the lifecycle of a node': lifecycleOf('Node'),
  '[sig-node] PodTemplates should delete a collection of pod templates': lifecycleOf('PodTemplate'),
  '[sig-node] PodTemplates should replace a pod template': lifecycleOf('PodTemplate'),
  '[sig-node] PodTemplates should run the lifecycle of PodTemplates': lifecycleOf('PodTemplate'),
  '[sig-node] RuntimeClass should support RuntimeClasses API operations': lifecycleOf('RuntimeClass'),
  '[sig-node] Secrets should fail to create secret due to empty secret key': objects('secrets', 'have no empty key'),
  '[sig-node] Secrets should patch a secret': lifecycleOf('Secret'),
  '[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 DeviceClass': dynamicResources,
  '[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 DeviceTaintRule': dynamicResources,
  '[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceClaim': dynamicResources,
  '[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceClaimTemplate': dynamicResources,
  '[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceSlice': dynamicResources,

  '[sig-scheduling] LimitRange should create a LimitRange with defaults and ensure pod has those defaults applied.':
    objects('a LimitRange', 'gives containers what they do not ask for, and refuses what is beyond it'),
  '[sig-scheduling] LimitRange should list, patch and delete a LimitRange by collection': lifecycleOf('LimitRange'),
  '[sig-scheduling] SchedulerPreemption PriorityClass endpoints verify PriorityClass endpoints can be operated with different HTTP methods':
    { by: [...lifecycleOf('PriorityClass').by, ...objects('a PriorityClass', 'keeps its value').by] },

  '[sig-storage] CSIInlineVolumes should run through the lifecycle of a CSIDriver': csi,
  '[sig-storage] CSIInlineVolumes should support CSIVolumeSource in Pod API': objects(
    'a pod with volumes of a CSI driver',
    'is kept as it is written',
  ),
  '[sig-storage] CSINodes CSI Conformance should run through the lifecycle of a csinode': csi,
  '[sig-storage] CSIStorageCapacity should support CSIStorageCapacities API operations': csi,
  '[sig-storage] ConfigMap should be immutable if `immutable` field is set': objects(
    'configmaps',
    'stay as they are once they are immutable, and can be deleted',
  ),
  '[sig-storage] PersistentVolumes CSI Conformance should apply changes to a pv/pvc status': volumes(
    'a volume and its claim',
    'have a status that is patched and replaced',
  ),
  '[sig-storage] PersistentVolumes CSI Conformance should run through the lifecycle of a PV and a PVC': volumes(
    'a volume and its claim',
    'are listed, read, patched, replaced and deleted, alone and together',
  ),
  '[sig-storage] Secrets should be immutable if `immutable` field is set': objects(
    'secrets',
    'stay as they are once they are immutable, and can be deleted',
  ),
  '[sig-storage] StorageClasses CSI Conformance should run through the lifecycle of a StorageClass':
    lifecycleOf('StorageClass'),
  '[sig-storage] VolumeAttachment Conformance should apply changes to a volumeattachment status': csi,
  '[sig-storage] VolumeAttachment Conformance should run through the lifecycle of a VolumeAttachment': csi,
  '[sig-storage] VolumeAttributesClass [FeatureGate:VolumeAttributesClass] should run through the lifecycle of a VolumeAttributesClass':
    csi,
};
