import type { Clock } from '../../meta/clock.ts';
import type { Logger } from '../../meta/logger.ts';
import { formatKey, keyOf, metaOf, parseKey } from '../../meta/object-key.ts';
import { isConflict, isNotFound } from '../../meta/status-error.ts';
import type { Job } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { finishedCondition } from '../../resources/job-conditions.ts';
import { jobs } from '../../resources/job.ts';
import { runController, source } from '../controller.ts';
import type { Requeue } from '../work-queue.ts';

export type TtlAfterFinishedControllerOptions = {
  registry: Registry;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
};

/** Deletes Jobs some time after they have ended (kubernetes pkg/controller/ttlafterfinished/ttlafterfinished_controller.go). */
export function startTtlAfterFinishedController(options: TtlAfterFinishedControllerOptions): Promise<void> {
  const { registry, clock, logger, signal } = options;
  return runController({
    name: 'ttl-after-finished-controller',
    registry,
    logger,
    sources: [source(jobs, ({ object }) => (expiryOf(object) === undefined ? [] : [formatKey(keyOf(object))]))],
    reconcile: async (key): Promise<Requeue | void> => {
      const job = registry.find(jobs, parseKey(key));
      const expiry = job && expiryOf(job);
      if (!job || expiry === undefined) return;
      const afterMs = expiry - clock.now().getTime();
      if (afterMs > 0) return { afterMs };
      await deleteJob(registry, job);
    },
    signal,
    concurrency: 1,
  });
}

/** Milliseconds since 1970; undefined for a Job that goes on, stays, or is going already. */
function expiryOf(job: Job): number | undefined {
  const { ttlSecondsAfterFinished } = job.spec ?? {};
  const ended = finishedCondition(job)?.lastTransitionTime;
  if (ttlSecondsAfterFinished === undefined || ended === undefined) return undefined;
  return metaOf(job).deletionTimestamp === undefined ? Date.parse(ended) + ttlSecondsAfterFinished * 1000 : undefined;
}

/** One that was changed meanwhile is looked at again. */
async function deleteJob(registry: Registry, job: Job): Promise<void> {
  const { uid = '', resourceVersion = '' } = metaOf(job);
  try {
    await registry.delete(jobs, keyOf(job), {
      propagationPolicy: 'Foreground',
      preconditions: { uid, resourceVersion },
    });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
