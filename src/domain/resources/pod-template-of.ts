import type { KubernetesObject, PodTemplateSpec } from '../meta/types.ts';

type Workload = {
  template?: PodTemplateSpec;
  spec?: { template?: PodTemplateSpec; jobTemplate?: { spec?: { template?: PodTemplateSpec } } };
};

/** Kinds that make pods (pod-security-admission/admission/admission.go defaultPodSpecResources). */
export const workloads: ReadonlySet<string> = new Set([
  'cronjobs.batch',
  'daemonsets.apps',
  'deployments.apps',
  'jobs.batch',
  'podtemplates',
  'replicasets.apps',
  'replicationcontrollers',
  'statefulsets.apps',
]);

/** The template of one of these kinds and where it stands, with a dot at the end. */
export function podTemplateOf(object: KubernetesObject): { template: PodTemplateSpec; at: string } | undefined {
  const { template, spec } = object as Workload;
  if (template) return { template, at: 'template.' };
  if (spec?.template) return { template: spec.template, at: 'spec.template.' };
  const ofJob = spec?.jobTemplate?.spec?.template;
  return ofJob && { template: ofJob, at: 'spec.jobTemplate.spec.template.' };
}
