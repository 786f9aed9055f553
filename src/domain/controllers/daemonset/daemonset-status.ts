import { metaOf } from '../../meta/object-key.ts';
import type { DaemonSet, Pod } from '../../meta/types.ts';
import { isPodReady, podAvailableInMs } from '../pod-lifecycle.ts';
import { withNotice } from '../updates/notice-condition.ts';
import type { Postponement } from '../updates/update-postponement.ts';
import { isUpdated, oldestFirst, type DaemonSetView } from './daemonset-plan.ts';

type Status = NonNullable<DaemonSet['status']>;

/** kubernetes pkg/controller/daemon/daemon_controller.go updateDaemonSetStatus, of one node; all conditions but one are others' to write. */
export function daemonSetStatus(
  view: DaemonSetView,
  postponed: Postponement | undefined,
  collisionCount: number,
): Status {
  const { set, hash, choice, pods, now } = view;
  const conditions = withNotice(set.status?.conditions ?? [], 'k2d.io/UpdatePostponed', postponed, now);
  const [serving] = choice.runs ? oldestFirst(pods, hash) : [];
  const count = (holds: (pod: Pod) => boolean): number => (serving && holds(serving) ? 1 : 0);
  const desired = choice.runs ? 1 : 0;
  const available = count((pod) => podAvailableInMs(pod, set.spec?.minReadySeconds ?? 0, now) === 0);
  return {
    observedGeneration: metaOf(set).generation ?? 0,
    desiredNumberScheduled: desired,
    currentNumberScheduled: count(() => true),
    numberMisscheduled: !choice.runs && pods.length > 0 ? 1 : 0,
    numberReady: count(isPodReady),
    updatedNumberScheduled: count((pod) => isUpdated(pod, hash)),
    numberAvailable: available,
    numberUnavailable: desired - available,
    collisionCount,
    ...(conditions.length > 0 ? { conditions } : {}),
  };
}
