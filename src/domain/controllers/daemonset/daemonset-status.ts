import { metaOf } from '../../meta/object-key.ts';
import type { DaemonSet, Pod } from '../../meta/types.ts';
import { isPodReady, podAvailableInMs } from '../pod-lifecycle.ts';
import { isUpdated, oldestFirst, type DaemonSetView } from './daemonset-plan.ts';

type Status = NonNullable<DaemonSet['status']>;

/** kubernetes pkg/controller/daemon/daemon_controller.go updateDaemonSetStatus, of one node; conditions are others' to write. */
export function daemonSetStatus(view: DaemonSetView, collisionCount: number): Status {
  const { set, hash, choice, pods, now } = view;
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
    ...(set.status?.conditions ? { conditions: set.status.conditions } : {}),
  };
}
