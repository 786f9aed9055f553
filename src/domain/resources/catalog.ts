import { clusterRoleBindings } from './cluster-role-binding.ts';
import { clusterRoles } from './cluster-role.ts';
import { configMaps } from './config-map.ts';
import { controllerRevisions } from './controller-revision.ts';
import { cronJobs } from './cron-job.ts';
import { customResourceDefinitions } from './custom-resource-definition.ts';
import { daemonSets } from './daemon-set.ts';
import { deployments } from './deployment.ts';
import { endpointSlices } from './endpoint-slice.ts';
import { endpoints } from './endpoints.ts';
import { events } from './event.ts';
import { eventsV1Events } from './events-v1-event.ts';
import { horizontalPodAutoscalersV1 } from './horizontal-pod-autoscaler-v1.ts';
import { horizontalPodAutoscalers } from './horizontal-pod-autoscaler.ts';
import { ingressClasses } from './ingress-class.ts';
import { ingresses } from './ingress.ts';
import { jobs } from './job.ts';
import { leases } from './lease.ts';
import { limitRanges } from './limit-range.ts';
import { mutatingWebhookConfigurations } from './mutating-webhook-configuration.ts';
import { namespaces } from './namespace.ts';
import { networkPolicies } from './network-policy.ts';
import { nodes } from './node.ts';
import { persistentVolumeClaims } from './persistent-volume-claim.ts';
import { persistentVolumes } from './persistent-volume.ts';
import { podDisruptionBudgets } from './pod-disruption-budget.ts';
import { podTemplates } from './pod-template.ts';
import { pods } from './pod.ts';
import { priorityClasses } from './priority-class.ts';
import { replicaSets } from './replica-set.ts';
import { replicationControllers } from './replication-controller.ts';
import type { ResourceDefinition } from './resource-definition.ts';
import { roleBindings } from './role-binding.ts';
import { roles } from './role.ts';
import { resourceQuotas } from './resource-quota.ts';
import { runtimeClasses } from './runtime-class.ts';
import { secrets } from './secret.ts';
import { serviceAccounts } from './service-account.ts';
import { services } from './service.ts';
import { statefulSets } from './stateful-set.ts';
import { storageClasses } from './storage-class.ts';
import { validatingAdmissionPolicies } from './validating-admission-policy.ts';
import { validatingAdmissionPolicyBindings } from './validating-admission-policy-binding.ts';
import { validatingWebhookConfigurations } from './validating-webhook-configuration.ts';

/** Every resource that is built in: registry, routes, discovery and OpenAPI follow from this list. */
export const catalog: readonly ResourceDefinition[] = [
  namespaces,
  nodes,
  pods,
  configMaps,
  secrets,
  services,
  endpoints,
  endpointSlices,
  events,
  eventsV1Events,
  serviceAccounts,
  deployments,
  replicaSets,
  jobs,
  cronJobs,
  statefulSets,
  daemonSets,
  replicationControllers,
  roles,
  roleBindings,
  clusterRoles,
  clusterRoleBindings,
  controllerRevisions,
  podTemplates,
  leases,
  resourceQuotas,
  limitRanges,
  priorityClasses,
  runtimeClasses,
  ingressClasses,
  ingresses,
  networkPolicies,
  storageClasses,
  persistentVolumes,
  persistentVolumeClaims,
  podDisruptionBudgets,
  horizontalPodAutoscalers,
  horizontalPodAutoscalersV1,
  mutatingWebhookConfigurations,
  validatingWebhookConfigurations,
  validatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
  customResourceDefinitions,
];
