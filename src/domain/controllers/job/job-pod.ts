import { metaOf } from '../../meta/object-key.ts';
import type { Container, Job, Pod, PodTemplateSpec } from '../../meta/types.ts';
import { jobs } from '../../resources/job.ts';
import { controllerReference } from '../owner-references.ts';
import { podFromTemplate } from '../pod-from-template.ts';
import { nextFailureCounts } from './index-failures.ts';
import { completionIndex, trackingFinalizer } from './job-pods.ts';

const indexVariable = 'JOB_COMPLETION_INDEX';

/** What a generated name leaves room for (apiserver pkg/storage/names/generate.go). */
const longestPrefix = 58;

/** A pod of the Job; with an index, one that knows it. `failed` had the index before (job_controller.go manageJob). */
export function podOfJob(job: Job, index: number | undefined, failed: Pod | undefined): Pod {
  const { template } = job.spec!;
  const finalizers = [...new Set([...(template.metadata?.finalizers ?? []), trackingFinalizer])];
  const tracked = { ...template, metadata: { ...template.metadata, finalizers } };
  const reference = controllerReference(jobs, job);
  if (index === undefined) return podFromTemplate(tracked, job, reference);
  const pod = podFromTemplate(withIndex(tracked, job, index, failed), job, reference);
  const suffix = `-${index}-`;
  const generateName = `${(metaOf(job).name ?? '').slice(0, longestPrefix - suffix.length)}${suffix}`;
  return { ...pod, metadata: { ...pod.metadata, generateName } };
}

function withIndex(
  { metadata, spec }: PodTemplateSpec,
  job: Job,
  index: number,
  failed: Pod | undefined,
): PodTemplateSpec {
  const counts = job.spec?.backoffLimitPerIndex === undefined ? {} : nextFailureCounts(job.spec, failed);
  const mark = { [completionIndex]: String(index) };
  const containers = (spec?.containers ?? []).map(knowingIndex);
  return {
    metadata: {
      ...metadata,
      annotations: { ...metadata?.annotations, ...mark, ...counts },
      labels: { ...metadata?.labels, ...mark },
    },
    spec: {
      ...spec,
      containers,
      ...(spec?.initContainers ? { initContainers: spec.initContainers.map(knowingIndex) } : {}),
      hostname: `${metaOf(job).name}-${index}`,
    },
  };
}

/** A variable of its author's stays. */
function knowingIndex(container: Container): Container {
  const { env = [] } = container;
  if (env.some(({ name }) => name === indexVariable)) return container;
  const fieldRef = { apiVersion: 'v1', fieldPath: `metadata.labels['${completionIndex}']` };
  return { ...container, env: [...env, { name: indexVariable, valueFrom: { fieldRef } }] };
}
