import type * as client from '@kubernetes/client-node';

/**
 * The wire form of a generated model: what JSON carries. The generated classes hold Dates where Kubernetes sends RFC 3339 text,
 * and rename fields that are reserved words in some language (`_from`).
 */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer E)[]
    ? Wire<E>[]
    : T extends object
      ? { [K in keyof T as K extends `_${infer Name}` ? Name : K]: Wire<T[K]> }
      : T;

export type ObjectMeta = Wire<client.V1ObjectMeta>;
export type OwnerReference = Wire<client.V1OwnerReference>;
export type LabelSelector = Wire<client.V1LabelSelector>;

/** Any object with a name: what registry, watch and patches handle without knowing its kind. */
export type KubernetesObject = { apiVersion?: string; kind?: string; metadata?: ObjectMeta };

export type Pod = Wire<client.V1Pod>;
export type PodSpec = Wire<client.V1PodSpec>;
export type PodStatus = Wire<client.V1PodStatus>;
export type PodCondition = Wire<client.V1PodCondition>;
export type PodTemplateSpec = Wire<client.V1PodTemplateSpec>;
export type Container = Wire<client.V1Container>;
export type ContainerStatus = Wire<client.V1ContainerStatus>;
export type EnvVar = Wire<client.V1EnvVar>;
export type Volume = Wire<client.V1Volume>;
export type VolumeMount = Wire<client.V1VolumeMount>;
export type Namespace = Wire<client.V1Namespace>;
export type Node = Wire<client.V1Node>;
export type ConfigMap = Wire<client.V1ConfigMap>;
export type Secret = Wire<client.V1Secret>;
export type Service = Wire<client.V1Service>;
export type ServicePort = Wire<client.V1ServicePort>;
export type ServiceAccount = Wire<client.V1ServiceAccount>;
export type Endpoints = Wire<client.V1Endpoints>;
export type EndpointSlice = Wire<client.V1EndpointSlice>;
export type Event = Wire<client.CoreV1Event>;
export type Deployment = Wire<client.V1Deployment>;
export type ReplicaSet = Wire<client.V1ReplicaSet>;
export type Job = Wire<client.V1Job>;
export type JobSpec = Wire<client.V1JobSpec>;
export type JobStatus = Wire<client.V1JobStatus>;
export type CronJob = Wire<client.V1CronJob>;
export type ReplicationController = Wire<client.V1ReplicationController>;
export type StatefulSet = Wire<client.V1StatefulSet>;
export type DaemonSet = Wire<client.V1DaemonSet>;
export type PolicyRule = Wire<client.V1PolicyRule>;
export type Subject = Wire<client.RbacV1Subject>;
export type RoleRef = Wire<client.V1RoleRef>;
export type Role = Wire<client.V1Role>;
export type ClusterRole = Wire<client.V1ClusterRole>;
export type RoleBinding = Wire<client.V1RoleBinding>;
export type ClusterRoleBinding = Wire<client.V1ClusterRoleBinding>;
export type SelfSubjectAccessReview = Wire<client.V1SelfSubjectAccessReview>;
export type SubjectAccessReview = Wire<client.V1SubjectAccessReview>;
export type LocalSubjectAccessReview = Wire<client.V1LocalSubjectAccessReview>;
export type SelfSubjectRulesReview = Wire<client.V1SelfSubjectRulesReview>;
export type SelfSubjectReview = Wire<client.V1SelfSubjectReview>;
export type TokenReview = Wire<client.V1TokenReview>;
export type TokenRequest = Wire<client.AuthenticationV1TokenRequest>;
export type EventsV1Event = Wire<client.EventsV1Event>;
export type Lease = Wire<client.V1Lease>;
export type ResourceQuota = Wire<client.V1ResourceQuota>;
export type LimitRange = Wire<client.V1LimitRange>;
export type LimitRangeItem = Wire<client.V1LimitRangeItem>;
export type PriorityClass = Wire<client.V1PriorityClass>;
export type PodTemplate = Wire<client.V1PodTemplate>;
export type ControllerRevision = Wire<client.V1ControllerRevision>;
export type RuntimeClass = Wire<client.V1RuntimeClass>;
export type IngressClass = Wire<client.V1IngressClass>;
export type Ingress = Wire<client.V1Ingress>;
export type IngressBackend = Wire<client.V1IngressBackend>;
export type IngressPath = Wire<client.V1HTTPIngressPath>;
export type NetworkPolicy = Wire<client.V1NetworkPolicy>;
export type NetworkPolicyPeer = Wire<client.V1NetworkPolicyPeer>;
export type NetworkPolicyPort = Wire<client.V1NetworkPolicyPort>;
export type StorageClass = Wire<client.V1StorageClass>;

/** Amounts by resource: `cpu`, `memory`, `requests.cpu`, `count/deployments.apps`. */
export type ResourceList = Readonly<Record<string, string>>;
export type MutatingWebhookConfiguration = Wire<client.V1MutatingWebhookConfiguration>;
export type ValidatingWebhookConfiguration = Wire<client.V1ValidatingWebhookConfiguration>;
export type MutatingWebhook = Wire<client.V1MutatingWebhook>;
export type ValidatingWebhook = Wire<client.V1ValidatingWebhook>;
export type WebhookClientConfig = Wire<client.AdmissionregistrationV1WebhookClientConfig>;
export type WebhookRule = Wire<client.V1RuleWithOperations>;
export type CustomResourceDefinition = Wire<client.V1CustomResourceDefinition>;
export type CustomResourceDefinitionVersion = Wire<client.V1CustomResourceDefinitionVersion>;
export type CustomResourceDefinitionNames = Wire<client.V1CustomResourceDefinitionNames>;
export type CustomResourceDefinitionCondition = Wire<client.V1CustomResourceDefinitionCondition>;
export type PersistentVolume = Wire<client.V1PersistentVolume>;
export type PersistentVolumeSpec = Wire<client.V1PersistentVolumeSpec>;
export type PersistentVolumeClaim = Wire<client.V1PersistentVolumeClaim>;
export type PersistentVolumeClaimSpec = Wire<client.V1PersistentVolumeClaimSpec>;
export type ValidatingAdmissionPolicy = Wire<client.V1ValidatingAdmissionPolicy>;
export type ValidatingAdmissionPolicySpec = Wire<client.V1ValidatingAdmissionPolicySpec>;
export type ValidatingAdmissionPolicyBinding = Wire<client.V1ValidatingAdmissionPolicyBinding>;
export type AdmissionMatchResources = Wire<client.V1MatchResources>;
export type PodDisruptionBudget = Wire<client.V1PodDisruptionBudget>;
export type HorizontalPodAutoscaler = Wire<client.V2HorizontalPodAutoscaler>;
export type HorizontalPodAutoscalerV1 = Wire<client.V1HorizontalPodAutoscaler>;
