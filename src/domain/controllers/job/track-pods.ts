import type { Pod } from '../../meta/types.ts';
import { metaOf } from '../../meta/object-key.ts';
import { indexOf, isIndexed, isOfJob, isPodFailed, isPodSucceeded, isTracked, uidOf } from './job-pods.ts';
import type { Outcome } from './job-verdict.ts';
import type { JobView } from './job-view.ts';
import { isCounted } from './pod-failure-policy.ts';

/** kubernetes pkg/controller/job/job_controller.go MaxUncountedPods: bounds the status. */
const mostUncounted = 500;

export type Tracking = {
  /** Pods that the status names before they lose their finalizer, so that each counts once, whenever k2d dies. */
  uncounted: { succeeded: string[]; failed: string[] };
  /** May lose their finalizer once that is stored. */
  release: Pod[];
};

/** trackJobStatusAndRemoveFinalizers */
export function trackPods(view: JobView, outcome: Outcome | undefined): Tracking {
  const succeeded = [...view.uncounted.succeeded];
  const failed = [...view.uncounted.failed];
  const release: Pod[] = [];
  for (const pod of view.pods) {
    if (succeeded.length + failed.length >= mostUncounted) break;
    if (!isTracked(pod) || !mayBeReleased(pod, view, outcome)) continue;
    release.push(pod);
    const counter = counterOf(pod, view, outcome);
    if (counter === 'succeeded') succeeded.push(uidOf(pod));
    if (counter === 'failed') failed.push(uidOf(pod));
  }
  return { uncounted: { succeeded, failed }, release };
}

/** A pod that runs is held, so that its end is seen whatever becomes of it; one that failed, until another continues its count. */
function mayBeReleased(pod: Pod, { job, spec, indexes }: JobView, outcome: Outcome | undefined): boolean {
  if (metaOf(job).deletionTimestamp !== undefined || outcome || isPodSucceeded(pod)) return true;
  if (!isPodFailed(pod, spec)) return false;
  const index = indexOf(pod);
  return index === undefined || indexes?.failing.get(index) !== pod;
}

/** In an Indexed Job the index tells whether a success is counted. Of a Job that fails every pod fails that has not ended well. */
function counterOf(pod: Pod, { spec, uncounted }: JobView, outcome: Outcome | undefined) {
  const uid = uidOf(pod);
  if (!isOfJob(pod, spec) || uncounted.failed.has(uid) || uncounted.succeeded.has(uid)) return undefined;
  if (isPodSucceeded(pod)) return isIndexed(spec) ? undefined : 'succeeded';
  const fails = {
    FailureTarget: true,
    // What ends because enough has succeeded has not failed.
    SuccessCriteriaMet: pod.status?.phase === 'Failed',
    none: isPodFailed(pod, spec),
  }[outcome ?? 'none'];
  return fails && isCounted(spec, pod) ? 'failed' : undefined;
}
