import type { Pod } from '../../meta/types.ts';
import { firstOutside, intervalsOf, union } from '../../resources/index-intervals.ts';
import { podDeletionOrder } from '../pod-deletion-order.ts';
import { backoffMs, indexBackoffMs } from './job-backoff.ts';
import { indexesOf, indexOf, isOfJob, isSuspended, replacesOnlyFailed } from './job-pods.ts';
import type { IndexView, JobView } from './job-view.ts';

/** kubernetes pkg/controller/job/job_controller.go MaxPodCreateDeletePerSync */
const burst = 500;

/** Pods to make, each with its index if it has one, or to remove; never both at once. */
export type PodsPlan = { create: (number | undefined)[]; remove: Pod[]; waitMs?: number };

/** What brings the pods that run to the number that should (manageJob). */
export function planJobPods(view: JobView): PodsPlan {
  const { job, active, spec, terminating } = view;
  if (isSuspended(job)) return { create: [], remove: [...active] };
  const wanted = wantedActive(view);
  const remove = tooMany(view, Math.max(0, active.length - wanted)).slice(0, burst);
  if (remove.length > 0) return { create: [], remove };
  const blocked = replacesOnlyFailed(spec) ? terminating.length : 0;
  const missing = Math.min(wanted - active.length - blocked, burst);
  if (missing <= 0) return { create: [], remove: [] };
  if (view.indexes?.failed) return planByIndex(view, view.indexes, missing);
  const waitMs = backoffMs(view);
  if (waitMs > 0) return { create: [], remove: [], waitMs };
  const create = view.indexes ? pendingIndexes(view, view.indexes).slice(0, missing) : Array(missing).fill(undefined);
  return { create, remove: [] };
}

/** Never more than are still needed; without a number of completions nobody is needed any more after the first success. */
function wantedActive({ spec, succeeded, active }: JobView): number {
  const { completions, parallelism = 1 } = spec;
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism;
  return Math.max(0, Math.min(completions - succeeded, parallelism));
}

/** Second pods of an index, pods of no index of the Job, and then those least missed (activePodsForRemoval). */
function tooMany({ spec, indexes, active, now }: JobView, atLeast: number): Pod[] {
  const order = podDeletionOrder(active, now);
  if (!indexes) return order.slice(0, atLeast);
  const last = new Map(order.map((pod) => [indexOf(pod), pod]));
  const surplus = order.filter((pod) => !isOfJob(pod, spec) || last.get(indexOf(pod)) !== pod);
  const others = order.filter((pod) => !surplus.includes(pod));
  return [...surplus, ...others.slice(0, Math.max(0, atLeast - surplus.length))];
}

/** firstPendingIndexes */
function pendingIndexes({ spec, active, terminating }: JobView, { succeeded, failed = [] }: IndexView): number[] {
  const busy = [...active, ...(replacesOnlyFailed(spec) ? terminating : [])];
  const taken = union(union(succeeded, failed), intervalsOf(indexesOf(busy)));
  return firstOutside(taken, spec.completions ?? 0, burst);
}

function planByIndex(view: JobView, indexes: IndexView, missing: number): PodsPlan {
  const pending = pendingIndexes(view, indexes)
    .slice(0, missing)
    .map((index) => ({ index, waitMs: indexBackoffMs(indexes.failing.get(index), view.now) }));
  const create = pending.filter(({ waitMs }) => waitMs === 0).map(({ index }) => index);
  const waits = pending.map(({ waitMs }) => waitMs).filter((waitMs) => waitMs > 0);
  return { create, remove: [], ...(waits.length > 0 ? { waitMs: Math.min(...waits) } : {}) };
}
