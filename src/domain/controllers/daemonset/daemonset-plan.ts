import { metaOf } from '../../meta/object-key.ts';
import type { DaemonSet, Pod } from '../../meta/types.ts';
import { readIntOrPercent } from '../../resources/int-or-percent.ts';
import { isPodTerminal, isPodTerminating, podAvailableInMs } from '../pod-lifecycle.ts';
import { hashLabel } from './daemon-pod.ts';
import type { NodeChoice } from './node-choice.ts';

/** On the one node: pods that have ended by themselves, pods that are one too many or of a former version, and whether one is to be made. */
export type DaemonSetPlan = { ended: Pod[]; remove: Pod[]; create: boolean };

export type DaemonSetView = {
  set: DaemonSet;
  /** Of the present template. */
  hash: string;
  choice: NodeChoice;
  /** The set's own, in whatever state. */
  pods: readonly Pod[];
  now: Date;
};

const nothing: DaemonSetPlan = { ended: [], remove: [], create: false };

const created = (pod: Pod): string => `${metaOf(pod).creationTimestamp ?? ''}/${metaOf(pod).name ?? ''}`;

/** The oldest is the one that serves (kubernetes pkg/controller/daemon/daemon_controller.go podByCreationTimestampAndPhase). */
export const oldestFirst = (pods: readonly Pod[]): Pod[] => pods.toSorted((a, b) => (created(a) < created(b) ? -1 : 1));

export const isUpdated = (pod: Pod, hash: string): boolean => metaOf(pod).labels?.[hashLabel] === hash;

/**
 * What brings the node to one pod of the present version (kubernetes pkg/controller/daemon/daemon_controller.go podsShouldBeOnNode,
 * update.go rollingUpdate). A pod that is going keeps its place until it is gone.
 */
export function planDaemonSet(view: DaemonSetView): DaemonSetPlan {
  const { set, choice, pods } = view;
  if (metaOf(set).deletionTimestamp !== undefined) return nothing;
  const standing = pods.filter((pod) => !isPodTerminating(pod));
  if (!choice.stays) return { ...nothing, remove: standing };
  const ended = standing.filter(isPodTerminal);
  const running = oldestFirst(standing.filter((pod) => !isPodTerminal(pod)));
  if (pods.length === 0) return { ...nothing, create: choice.runs };
  return { ...update(view, running), ended };
}

/** A surge adds the new pod first; else the old one makes room for it. One node's share of either is one pod or none. */
function update({ set, hash, choice, now }: DaemonSetView, running: readonly Pod[]): DaemonSetPlan {
  const [updated, ...surplus] = running.filter((pod) => isUpdated(pod, hash));
  const [old, ...moreOld] = running.filter((pod) => !isUpdated(pod, hash));
  const allBut = (kept: Pod | undefined): DaemonSetPlan => ({
    ...nothing,
    remove: running.filter((pod) => pod !== kept),
  });
  if (!rolls(set)) return allBut(running[0]);
  if (!surges(set) || !old || !choice.runs) return allBut(updated);
  const besides = { ...nothing, remove: [...surplus, ...moreOld] };
  if (!updated) return { ...besides, create: true };
  return podAvailableInMs(updated, set.spec?.minReadySeconds ?? 0, now) === 0 ? allBut(updated) : besides;
}

const rolls = ({ spec }: DaemonSet): boolean => spec?.updateStrategy?.type === 'RollingUpdate';

const surges = ({ spec }: DaemonSet): boolean =>
  readIntOrPercent(spec?.updateStrategy?.rollingUpdate?.maxSurge).number > 0;
