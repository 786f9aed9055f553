import type { Job, Pod } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { pods } from '../../resources/pod.ts';
import { updateIfPresent } from '../controller-claims.ts';
import { withoutFinalizer } from '../finalizers.ts';
import { isNamespaceTerminating } from '../namespace-terminating.ts';
import { createPod, deletePod, type PodControl } from '../pod-control.ts';
import { slowStartBatch } from '../slow-start-batch.ts';
import type { JobPlan } from './job-plan.ts';
import { podOfJob } from './job-pod.ts';
import { trackingFinalizer } from './job-pods.ts';

/** Makes, removes and releases the pods of a plan whose status is stored. Does all it can, then throws what went wrong first. */
export async function performJobPlan(options: PodControl, job: Job, plan: JobPlan): Promise<void> {
  const { registry } = options;
  const results = [
    ...(await settle(plan.remove, (pod) => removePod(options, job, pod, plan.removesCounted))),
    ...(await settle([plan.create], (indexes) => createPods(options, job, indexes, plan.continues))),
    ...(await settle(plan.release, (pod) => releasePod(registry, pod))),
  ];
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

const settle = <T>(items: readonly T[], work: (item: T) => Promise<void>) => Promise.allSettled(items.map(work));

export const releasePod = async (registry: Registry, pod: Pod): Promise<void> =>
  void (await updateIfPresent(registry, pods, pod, (current) => withoutFinalizer(current, trackingFinalizer)));

async function createPods(
  options: PodControl,
  job: Job,
  indexes: readonly (number | undefined)[],
  continues: JobPlan['continues'],
): Promise<void> {
  const left = [...indexes];
  await slowStartBatch(indexes.length, () => {
    const index = left.shift();
    return makePod(options, job, podOfJob(job, index, index === undefined ? undefined : continues.get(index)));
  });
}

/** In a namespace that is going nothing is made any more. */
const makePod = (options: PodControl, job: Job, pod: Pod): Promise<void> =>
  createPod(options, job, pod).catch((error: unknown) => {
    if (!isNamespaceTerminating(error)) throw error;
  });

async function removePod(options: PodControl, job: Job, pod: Pod, isCounted: boolean): Promise<void> {
  if (!isCounted) await releasePod(options.registry, pod);
  await deletePod(options, job, pod);
}
