import { metaOf } from '../../meta/object-key.ts';
import type { ControllerRevision, Pod, StatefulSet } from '../../meta/types.ts';
import { isPodReady, isPodTerminating, podAvailableInMs } from '../pod-lifecycle.ts';
import { withNotice } from '../updates/notice-condition.ts';
import type { Postponement } from '../updates/update-postponement.ts';
import { revisionLabel } from './stateful-pod.ts';

type Status = NonNullable<StatefulSet['status']>;

export type StatusInput = {
  set: StatefulSet;
  current: ControllerRevision;
  update: ControllerRevision;
  collisionCount: number;
  pods: readonly Pod[];
  postponed: Postponement | undefined;
  now: Date;
};

/** kubernetes pkg/controller/statefulset/stateful_set_control.go updateStatus; all conditions but one are others' to write. */
export function statefulSetStatus(input: StatusInput): Status {
  const { set, current, update, collisionCount, pods, postponed, now } = input;
  const conditions = withNotice(set.status?.conditions ?? [], 'k2d.io/UpdatePostponed', postponed, now);
  const ready = pods.filter((pod) => pod.status?.phase === 'Running' && isPodReady(pod));
  const staying = pods.filter((pod) => !isPodTerminating(pod));
  const ofRevision = (revision: ControllerRevision): number =>
    staying.filter((pod) => metaOf(pod).labels?.[revisionLabel] === metaOf(revision).name).length;
  const status: Status = {
    observedGeneration: metaOf(set).generation ?? 0,
    replicas: pods.length,
    readyReplicas: ready.length,
    availableReplicas: ready.filter((pod) => podAvailableInMs(pod, set.spec?.minReadySeconds ?? 0, now) === 0).length,
    currentReplicas: ofRevision(current),
    updatedReplicas: ofRevision(update),
    currentRevision: metaOf(current).name ?? '',
    updateRevision: metaOf(update).name ?? '',
    collisionCount,
    ...(conditions.length > 0 ? { conditions } : {}),
  };
  return isComplete(set, status) ? completed(status) : status;
}

/** stateful_set_utils.go completeRollingUpdate */
const isComplete = ({ spec }: StatefulSet, { replicas, updatedReplicas, readyReplicas }: Status): boolean =>
  spec?.updateStrategy?.type === 'RollingUpdate' &&
  [replicas, updatedReplicas, readyReplicas].every((count) => count === spec.replicas);

/** The newest version is now also the former one. */
const completed = (status: Status): Status => ({
  ...status,
  currentReplicas: status.updatedReplicas!,
  currentRevision: status.updateRevision!,
});
