import { metaOf } from '../../meta/object-key.ts';
import type { Pod, StatefulSet } from '../../meta/types.ts';
import { scaledIntOrPercent } from '../../resources/int-or-percent.ts';
import { isPodTerminating } from '../pod-lifecycle.ts';
import { partitionOrdinal } from './ordinals.ts';
import { revisionLabel } from './stateful-pod.ts';
import { isAvailable, type Slot, type StatefulSetView } from './statefulset-view.ts';

/** kubernetes pkg/controller/statefulset/stateful_set_utils.go getStatefulSetMaxUnavailable: at least one, or nothing would move. */
const maxUnavailable = ({ spec }: StatefulSet): number =>
  Math.max(
    1,
    scaledIntOrPercent(spec?.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, spec?.replicas ?? 1, Math.floor),
  );

/**
 * The pods of the former version that make room for the newest, the last first (stateful_set_control.go
 * updateStatefulSetAfterInvariantEstablished). What is not available anyway is not missed, so it may go at once.
 */
export function planUpdate(view: StatefulSetView, slots: readonly Slot[]): Pod[] {
  const { set, update } = view;
  if (set.spec?.updateStrategy?.type === 'OnDelete') return [];
  const room = maxUnavailable(set) - slots.filter(({ pod }) => !isAvailable(view, pod)).length;
  const outdated = slots
    .filter(({ ordinal }) => ordinal >= partitionOrdinal(set))
    .flatMap(({ pod }) => pod ?? [])
    .filter((pod) => metaOf(pod).labels?.[revisionLabel] !== metaOf(update).name && !isPodTerminating(pod))
    .toReversed();
  const serving = outdated.filter((pod) => isAvailable(view, pod));
  return [...outdated.filter((pod) => !serving.includes(pod)), ...serving.slice(0, Math.max(0, room))];
}
