import { metaOf } from '../../meta/object-key.ts';
import type { DaemonSet, Pod } from '../../meta/types.ts';
import { readIntOrPercent } from '../../resources/int-or-percent.ts';
import { isPodTerminal, isPodTerminating, podAvailableInMs } from '../pod-lifecycle.ts';
import { hashLabel } from './daemon-pod.ts';
import type { NodeChoice } from './node-choice.ts';

/** On the one node: pods that have ended by themselves, that are one too many, that make room for the present version, and whether one is to be made. */
export type DaemonSetPlan = { ended: Pod[]; remove: Pod[]; replace: Pod[]; create: boolean };

export type DaemonSetView = {
  set: DaemonSet;
  /** Of the present template. */
  hash: string;
  choice: NodeChoice;
  /** The set's own, in whatever state. */
  pods: readonly Pod[];
  now: Date;
};

const nothing: DaemonSetPlan = { ended: [], remove: [], replace: [], create: false };

export const isUpdated = (pod: Pod, hash: string): boolean => metaOf(pod).labels?.[hashLabel] === hash;

/** The oldest is the one that serves; of one second, that of the former version (kubernetes pkg/controller/daemon/daemon_controller.go). */
export function oldestFirst(pods: readonly Pod[], hash: string): Pod[] {
  const age = (pod: Pod): string => `${metaOf(pod).creationTimestamp} ${isUpdated(pod, hash)} ${metaOf(pod).name}`;
  return pods.toSorted((a, b) => (age(a) < age(b) ? -1 : 1));
}

/**
 * What brings the node to one pod of the present version (kubernetes pkg/controller/daemon/daemon_controller.go podsShouldBeOnNode,
 * update.go rollingUpdate). A pod that is going keeps its place until it is gone. `mayNotStop`: no update now.
 */
export function planDaemonSet(view: DaemonSetView, mayNotStop: boolean): DaemonSetPlan {
  const { set, choice, pods } = view;
  if (metaOf(set).deletionTimestamp !== undefined) return nothing;
  const standing = pods.filter((pod) => !isPodTerminating(pod));
  if (!choice.stays) return { ...nothing, remove: standing };
  const ended = standing.filter(isPodTerminal);
  const running = oldestFirst(
    standing.filter((pod) => !isPodTerminal(pod)),
    view.hash,
  );
  if (pods.length === 0) return { ...nothing, create: choice.runs };
  return { ...update(view, running, mayNotStop), ended };
}

/**
 * A surge adds the new pod first; else the old one makes room for it. One node's share of either is one pod or none. Kubernetes adds it
 * also beside pods that are going, for which a small device may have no memory.
 */
function update(
  { set, hash, choice, pods, now }: DaemonSetView,
  running: readonly Pod[],
  mayNotStop: boolean,
): DaemonSetPlan {
  const isAvailable = (pod: Pod) => podAvailableInMs(pod, set.spec?.minReadySeconds ?? 0, now) === 0;
  const preferred = [...running.filter(isAvailable), ...running.filter((pod) => !isAvailable(pod))];
  const allBut = (...kept: (Pod | undefined)[]) => running.filter((pod) => !kept.includes(pod));
  const updated = preferred.find((pod) => isUpdated(pod, hash));
  const old = preferred.find((pod) => !isUpdated(pod, hash));
  if (!rolls(set)) return { ...nothing, remove: allBut(preferred[0]) };
  const remove = allBut(updated, old);
  const replace = old ? [old] : [];
  if (mayNotStop) return { ...nothing, remove };
  if (!surges(set) || !old || !choice.runs) return { ...nothing, remove, replace };
  if (updated) return { ...nothing, remove, replace: isAvailable(updated) ? replace : [] };
  return { ...nothing, remove, create: pods.length === 1 };
}

/** Pods of former versions that an update is to replace. */
export const outdatedPods = ({ set, hash, pods }: DaemonSetView): Pod[] =>
  rolls(set) ? pods.filter((pod) => !isUpdated(pod, hash) && !isPodTerminal(pod)) : [];

const rolls = ({ spec }: DaemonSet): boolean => spec?.updateStrategy?.type === 'RollingUpdate';

const surges = ({ spec }: DaemonSet): boolean =>
  readIntOrPercent(spec?.updateStrategy?.rollingUpdate?.maxSurge).number > 0;
