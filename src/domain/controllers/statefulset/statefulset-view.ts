import type { ControllerRevision, PersistentVolumeClaim, Pod, StatefulSet } from '../../meta/types.ts';
import { isPodReady, isPodTerminating, podAvailableInMs } from '../pod-lifecycle.ts';
import { memberOf, ordinalsOf } from './ordinals.ts';

/** Everything that a decision about a set needs to know. */
export type StatefulSetView = {
  set: StatefulSet;
  /** The former version, which is the same as the newest when no update is under way. */
  current: ControllerRevision;
  update: ControllerRevision;
  /** The set's own, named like its members, in whatever state. */
  pods: readonly Pod[];
  claimNamed: (name: string) => PersistentVolumeClaim | undefined;
  now: Date;
  /** No pod of a former version may be stopped now for the sake of an update. */
  mayNotStop: boolean;
};

/** One of the places for pods that the set asks for. */
export type Slot = { ordinal: number; pod: Pod | undefined };

export const ordinalOf = (pod: Pod): number => memberOf(pod)?.ordinal ?? -1;

export function slotsOf({ set, pods }: Pick<StatefulSetView, 'set' | 'pods'>): Slot[] {
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(pod), pod]));
  return ordinalsOf(set).map((ordinal) => ({ ordinal, pod: byOrdinal.get(ordinal) }));
}

export const isAvailable = ({ set, now }: StatefulSetView, pod: Pod | undefined): boolean =>
  pod !== undefined &&
  pod.status?.phase === 'Running' &&
  isPodReady(pod) &&
  !isPodTerminating(pod) &&
  podAvailableInMs(pod, set.spec?.minReadySeconds ?? 0, now) === 0;
