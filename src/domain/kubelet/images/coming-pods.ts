import type { Job, KubernetesObject, Pod } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { cronJobs } from '../../resources/cron-job.ts';
import { daemonSets } from '../../resources/daemon-set.ts';
import { deployments } from '../../resources/deployment.ts';
import { finishedCondition } from '../../resources/job-conditions.ts';
import { jobs } from '../../resources/job.ts';
import { podTemplateOf } from '../../resources/pod-template-of.ts';
import { replicaSets } from '../../resources/replica-set.ts';
import { replicationControllers } from '../../resources/replication-controller.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import { statefulSets } from '../../resources/stateful-set.ts';

const creators: readonly ResourceDefinition[] = [
  deployments,
  replicaSets,
  replicationControllers,
  statefulSets,
  daemonSets,
  jobs,
  cronJobs,
];

/** What workloads are about to run: its images may have been pulled for it before any pod has them, or be needed when nobody can pull. */
export const comingPods = (registry: Registry): Pod[] =>
  creators
    .flatMap((definition) => registry.all(definition))
    .filter(makesPods)
    .flatMap((object) => podTemplateOf(object)?.template.spec ?? [])
    .map((spec) => ({ spec }));

/** Unless it was told to have none, or has ended. */
function makesPods(object: KubernetesObject): boolean {
  const { spec } = object as { spec?: { replicas?: number; suspend?: boolean } };
  return spec?.replicas !== 0 && spec?.suspend !== true && !finishedCondition(object as Pick<Job, 'status'>);
}
