import type { Clock } from '../../meta/clock.ts';
import { sameJson } from '../../meta/deep-equal.ts';
import { fromLabelSelector, matches } from '../../meta/label-selector.ts';
import type { Logger } from '../../meta/logger.ts';
import { controllerOf, formatKey, keyOf, metaOf, parseKey } from '../../meta/object-key.ts';
import { isNotFound } from '../../meta/status-error.ts';
import type { Job, JobStatus, Pod } from '../../meta/types.ts';
import type { ChangeEvent } from '../../meta/watch-event.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { Registry } from '../../registry/registry.ts';
import { isForeign } from '../../resources/foreign-pod.ts';
import { finishedCondition } from '../../resources/job-conditions.ts';
import { jobs } from '../../resources/job.ts';
import { pods } from '../../resources/pod.ts';
import { runController, source } from '../controller.ts';
import { claim } from '../controller-claims.ts';
import { ownerNamesOf } from '../owner-references.ts';
import type { Requeue } from '../work-queue.ts';
import { tellChanges } from './job-events.ts';
import { planJob } from './job-plan.ts';
import { trackingFinalizer } from './job-pods.ts';
import { performJobPlan } from './perform-job-plan.ts';

export type JobControllerOptions = {
  registry: Registry;
  /** component `job-controller`. */
  recorder: EventRecorder;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
};

/** A Job that names another controller is left to it (api/batch/v1 JobSpec.managedBy). */
const isManagedElsewhere = ({ spec }: Job): boolean =>
  (spec?.managedBy ?? 'kubernetes.io/job-controller') !== 'kubernetes.io/job-controller';

/** Runs the pods of Jobs until enough of them have succeeded, or too many failed (kubernetes pkg/controller/job/job_controller.go). */
export function startJobController(options: JobControllerOptions): Promise<void> {
  const { registry } = options;
  return runController({
    name: 'job-controller',
    registry,
    logger: options.logger,
    sources: [
      source(jobs, ({ object }) => [formatKey(keyOf(object))]),
      source(pods, (event) => jobsOfPod(registry, event)),
    ],
    reconcile: (key) => reconcile(options, key),
    signal: options.signal,
    concurrency: 4,
  });
}

/** The Job that controls the pod, now or before the change; for a pod without controller, every Job that could adopt it. */
function jobsOfPod(registry: Registry, event: ChangeEvent<Pod>): string[] {
  const { namespace = '', labels } = metaOf(event.object);
  const keys = ownerNamesOf(event, jobs).map((name) => formatKey({ namespace, name }));
  if (controllerOf(event.object)) return keys;
  const adopters = registry.all(jobs, namespace).filter((job) => matches(selectorOf(job), labels));
  return [...keys, ...adopters.map((job) => formatKey(keyOf(job)))];
}

const selectorOf = ({ spec }: Job) => fromLabelSelector(spec?.selector) ?? [];

async function reconcile(options: JobControllerOptions, key: string): Promise<Requeue | void> {
  const { registry, clock, recorder } = options;
  const job = registry.find(jobs, parseKey(key));
  if (!job || isManagedElsewhere(job) || finishedCondition(job)) return;
  const plan = planJob(job, await claimPods(registry, job), clock.now());
  if (!plan || !(await writeStatus(registry, job, plan.status))) return;
  tellChanges(recorder, job, plan.status);
  await performJobPlan(options, job, plan);
  if (plan.againMs !== undefined) return { afterMs: plan.againMs };
}

const claimPods = (registry: Registry, job: Job): Promise<Pod[]> =>
  claim({
    registry,
    owners: jobs,
    owner: job,
    definition: pods,
    selector: selectorOf(job),
    candidates: registry.all(pods, metaOf(job).namespace).filter((pod) => !isForeign(pod)),
    finalizer: trackingFinalizer,
  });

/** Answers no when somebody has changed it since it was read, which has put the Job into the queue again. */
async function writeStatus(registry: Registry, job: Job, status: JobStatus): Promise<boolean> {
  let isCurrent = false;
  const change = (current: Job): Job => {
    isCurrent = metaOf(current).uid === metaOf(job).uid && sameJson(current.status, job.status);
    return isCurrent ? { ...current, status } : current;
  };
  try {
    await registry.update(jobs, keyOf(job), change, { subresource: 'status' });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return isCurrent;
}
