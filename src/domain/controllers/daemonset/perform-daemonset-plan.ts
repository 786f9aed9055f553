import type { Clock } from '../../meta/clock.ts';
import { metaOf } from '../../meta/object-key.ts';
import type { DaemonSet, Pod } from '../../meta/types.ts';
import type { FailureBackoff } from '../failure-backoff.ts';
import { createPod, deletePod, type PodControl } from '../pod-control.ts';
import { daemonPod } from './daemon-pod.ts';
import type { DaemonSetPlan } from './daemonset-plan.ts';

type Options = PodControl & { nodeName: string; clock: Clock; backoff: FailureBackoff };

export type DaemonSetResult = {
  /** What the queue should know of, after the status has told users. */
  failure?: { error: unknown };
  /** After this, in ms, pods that have ended may go. */
  retryMs?: number;
};

/** Removes first, then makes: the node never has one pod more than the plan says. */
export async function performDaemonSetPlan(
  options: Options,
  set: DaemonSet,
  hash: string,
  plan: DaemonSetPlan,
): Promise<DaemonSetResult> {
  try {
    for (const pod of [...plan.remove, ...plan.replace]) await deletePod(options, set, pod);
    const retryMs = await removeEnded(options, set, plan.ended);
    if (plan.create) await createPod(options, set, daemonPod(set, hash, options.nodeName));
    return retryMs === undefined ? {} : { retryMs };
  } catch (error) {
    return { failure: { error } };
  }
}

/** Whose pods fail at once gets new ones more and more rarely. */
async function removeEnded(options: Options, set: DaemonSet, ended: readonly Pod[]): Promise<number | undefined> {
  const { backoff, clock } = options;
  const { uid = '' } = metaOf(set);
  const failed = ended.filter(({ status }) => status?.phase === 'Failed');
  const waitMs = failed.length > 0 ? backoff.pause(uid, clock.now().getTime()) : 0;
  for (const pod of ended) if (waitMs === 0 || !failed.includes(pod)) await removeEndedPod(options, set, pod);
  return waitMs === 0 ? undefined : waitMs;
}

async function removeEndedPod(options: Options, set: DaemonSet, pod: Pod): Promise<void> {
  const { recorder, nodeName } = options;
  const hasFailed = pod.status?.phase === 'Failed';
  const { namespace, name } = metaOf(pod);
  const found = `Found ${hasFailed ? 'failed' : 'succeeded'} daemon pod ${namespace}/${name} on node ${nodeName}`;
  if (hasFailed) recorder.event(set, 'Warning', 'FailedDaemonPod', `${found}, will try to kill it`);
  else recorder.event(set, 'Normal', 'SucceededDaemonPod', `${found}, will try to delete it`);
  await deletePod(options, set, pod);
}
