import { keyOf, metaOf } from '../../meta/object-key.ts';
import type { KubernetesObject, StatefulSet } from '../../meta/types.ts';

/** `web-3` is the fourth pod of `web`. */
const numbered = /^(.+)-(0|[1-9]\d{0,9})$/;

/** Whose pod this is by its name alone, and which. */
export function memberOf(pod: KubernetesObject): { setName: string; ordinal: number } | undefined {
  const [, setName, ordinal] = numbered.exec(keyOf(pod).name) ?? [];
  return setName === undefined ? undefined : { setName, ordinal: Number(ordinal) };
}

export const memberName = (set: StatefulSet, ordinal: number): string => `${metaOf(set).name}-${ordinal}`;

const firstOrdinal = ({ spec }: StatefulSet): number => spec?.ordinals?.start ?? 0;

/** The ordinals that the set asks for, ascending. */
export const ordinalsOf = (set: StatefulSet): number[] =>
  Array.from({ length: set.spec?.replicas ?? 1 }, (_, index) => firstOrdinal(set) + index);

/** Pods from this ordinal on are of the newest version; those before it stay with the former one. */
export const partitionOrdinal = (set: StatefulSet): number =>
  firstOrdinal(set) + (set.spec?.updateStrategy?.rollingUpdate?.partition ?? 0);

/**
 * Whether a pod that is missing comes back in the former version (kubernetes pkg/controller/statefulset/stateful_set_utils.go
 * newVersionedStatefulSetPod). A strategy without a partition updates from the end, so that the first ones are still of the former.
 */
export function staysFormer(set: StatefulSet, ordinal: number): boolean {
  const { type, rollingUpdate } = set.spec?.updateStrategy ?? {};
  if (type !== 'RollingUpdate') return false;
  if (rollingUpdate) return ordinal < partitionOrdinal(set);
  return ordinal < firstOrdinal(set) + (set.status?.currentReplicas ?? 0);
}
