import { metaOf } from '../../meta/object-key.ts';
import type { Pod, StatefulSet } from '../../meta/types.ts';
import { scaledIntOrPercent } from '../../resources/int-or-percent.ts';
import { isPodTerminal, isPodTerminating } from '../pod-lifecycle.ts';
import { partitionOrdinal } from './ordinals.ts';
import { revisionLabel } from './stateful-pod.ts';
import { isAvailable, slotsOf, type Slot, type StatefulSetView } from './statefulset-view.ts';

/** kubernetes pkg/controller/statefulset/stateful_set_utils.go getStatefulSetMaxUnavailable: at least one, or nothing would move. */
const maxUnavailable = ({ spec }: StatefulSet): number =>
  Math.max(
    1,
    scaledIntOrPercent(spec?.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, spec?.replicas ?? 1, Math.floor),
  );

/** Pods of former versions in places that the update is for, the last first. */
export const outdatedPods = ({ set, update, pods }: Pick<StatefulSetView, 'set' | 'update' | 'pods'>): Pod[] =>
  set.spec?.updateStrategy?.type === 'OnDelete'
    ? []
    : slotsOf({ set, pods })
        .filter(({ ordinal }) => ordinal >= partitionOrdinal(set))
        .flatMap(({ pod }) => pod ?? [])
        .filter((pod) => metaOf(pod).labels?.[revisionLabel] !== metaOf(update).name && !isPodTerminal(pod))
        .toReversed();

/**
 * The pods of the former version that make room for the newest, the last first (stateful_set_control.go
 * updateStatefulSetAfterInvariantEstablished). What is not available anyway is not missed, so it may go at once.
 */
export function planUpdate(view: StatefulSetView, slots: readonly Slot[]): Pod[] {
  if (view.mayNotStop) return [];
  const room = maxUnavailable(view.set) - slots.filter(({ pod }) => !isAvailable(view, pod)).length;
  const outdated = outdatedPods(view).filter((pod) => !isPodTerminating(pod));
  const serving = outdated.filter((pod) => isAvailable(view, pod));
  return [...outdated.filter((pod) => !serving.includes(pod)), ...serving.slice(0, Math.max(0, room))];
}
