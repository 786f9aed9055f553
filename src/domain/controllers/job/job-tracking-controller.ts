import type { Logger } from '../../meta/logger.ts';
import { controllerOf, formatKey, keyOf, metaOf, parseKey } from '../../meta/object-key.ts';
import type { Job, Pod } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { finishedCondition } from '../../resources/job-conditions.ts';
import { jobs } from '../../resources/job.ts';
import { pods } from '../../resources/pod.ts';
import { runController, source } from '../controller.ts';
import { controllerNameOf, isControlledBy } from '../owner-references.ts';
import { isTracked } from './job-pods.ts';
import { releasePod } from './perform-job-plan.ts';

export type JobTrackingControllerOptions = { registry: Registry; logger: Logger; signal: AbortSignal };

/** Lets go of pods that no Job will count any more, so that they can be deleted (job_controller.go syncOrphanPod). */
export function startJobTrackingController({ registry, logger, signal }: JobTrackingControllerOptions): Promise<void> {
  return runController({
    name: 'job-tracking',
    registry,
    logger,
    sources: [
      source(pods, ({ object }) => (isTracked(object) ? [formatKey(keyOf(object))] : [])),
      source(jobs, ({ type, object }) =>
        type === 'DELETED' || finishedCondition(object) ? trackedPods(registry, object) : [],
      ),
    ],
    reconcile: async (key) => {
      const pod = registry.find(pods, parseKey(key));
      if (pod && isTracked(pod) && !isAwaited(registry, pod)) await releasePod(registry, pod);
    },
    signal,
    concurrency: 1,
  });
}

const trackedPods = (registry: Registry, job: Job): string[] =>
  registry
    .all(pods, metaOf(job).namespace)
    .filter((pod) => isTracked(pod) && isControlledBy(pod, job))
    .map((pod) => formatKey(keyOf(pod)));

/** Its Job is there and goes on. */
function isAwaited(registry: Registry, pod: Pod): boolean {
  const name = controllerNameOf(pod, jobs);
  const job = name === undefined ? undefined : registry.find(jobs, { ...keyOf(pod), name });
  return job !== undefined && metaOf(job).uid === controllerOf(pod)?.uid && !finishedCondition(job);
}
