import { metaOf } from '../../meta/object-key.ts';
import type { OwnerReference, PersistentVolumeClaim, Pod, StatefulSet } from '../../meta/types.ts';
import { withOwnerReferences } from '../owner-references.ts';
import { isPodTerminal, isPodTerminating } from '../pod-lifecycle.ts';
import { claimOwners, isGoing, retentionOwner } from './claim-retention.ts';
import { memberName, ordinalsOf, staysFormer } from './ordinals.ts';
import { claimNames, identityLabels, statefulClaims, statefulPod } from './stateful-pod.ts';
import { planUpdate } from './rolling-update.ts';
import { isAvailable, ordinalOf, slotsOf, type Slot, type StatefulSetView } from './statefulset-view.ts';

export type StatefulSetStep =
  /** The claims come before the pod. */
  | { do: 'create'; pod: Pod; claims: PersistentVolumeClaim[] }
  | { do: 'claim'; pod: Pod; claims: PersistentVolumeClaim[] }
  | { do: 'label'; pod: Pod; labels: Record<string, string> }
  | { do: 'own'; claim: PersistentVolumeClaim; owners: OwnerReference[] }
  | { do: 'delete'; pod: Pod }
  /** Deletes a pod that has ended, for another one of its name. */
  | { do: 'recreate'; pod: Pod }
  /** Deletes the pod as well, to make room for one of the newest version. */
  | { do: 'replace'; pod: Pod };

/**
 * What to do next for a StatefulSet; after the steps it is asked again (kubernetes pkg/controller/statefulset/stateful_set_control.go
 * updateStatefulSet). In order, a pod is only made or taken away when all before it are available, one at a time; in parallel nothing waits.
 */
export function planStatefulSet(view: StatefulSetView): StatefulSetStep[] {
  const { set } = view;
  if (metaOf(set).deletionTimestamp !== undefined) return [];
  const slots = slotsOf(view);
  const steps: StatefulSetStep[] = [];
  for (const slot of slots) {
    steps.push(...tend(view, slot));
    if (inOrder(set) && !isAvailable(view, slot.pod)) return steps;
  }
  const condemned = condemnedOf(view);
  steps.push(...condemned.flatMap((pod) => ownClaims(view, pod, true)));
  const scaleDown = inOrder(set) ? condemnNext(view, condemned) : condemned.filter((pod) => !isPodTerminating(pod));
  steps.push(...scaleDown.map((pod): StatefulSetStep => ({ do: 'delete', pod })));
  if (inOrder(set) && condemned.length > 0) return steps;
  return [...steps, ...planUpdate(view, slots).map((pod): StatefulSetStep => ({ do: 'replace', pod }))];
}

const inOrder = ({ spec }: StatefulSet): boolean => spec?.podManagementPolicy !== 'Parallel';

/** Pods beyond those that the set asks for, the last first. */
function condemnedOf({ set, pods }: StatefulSetView): Pod[] {
  const wanted = new Set(ordinalsOf(set));
  return pods.filter((pod) => !wanted.has(ordinalOf(pod))).toSorted((a, b) => ordinalOf(b) - ordinalOf(a));
}

function tend(view: StatefulSetView, { ordinal, pod }: Slot): StatefulSetStep[] {
  if (!pod) return create(view, ordinal);
  if (isPodTerminating(pod)) return [];
  // How a pod that was evicted or lost power ended says nothing about whether it is needed.
  if (isPodTerminal(pod)) return [{ do: 'recreate', pod }];
  return [...claimAgain(view, ordinal, pod), ...label(view, ordinal, pod), ...ownClaims(view, pod, false)];
}

function create(view: StatefulSetView, ordinal: number): StatefulSetStep[] {
  const { set, current, update, claimNamed, mayNotStop } = view;
  const standing = claimNames(set, ordinal).map(claimNamed);
  if (standing.some((claim) => claim && isGoing(claim, memberName(set, ordinal)))) return [];
  const pod = statefulPod(set, ordinal, mayNotStop || staysFormer(set, ordinal) ? current : update);
  return [{ do: 'create', pod, claims: missingClaims(view, ordinal) }];
}

function missingClaims({ set, claimNamed }: StatefulSetView, ordinal: number): PersistentVolumeClaim[] {
  const owner = retentionOwner(set);
  return statefulClaims(set, ordinal)
    .filter((claim) => !claimNamed(metaOf(claim).name ?? ''))
    .map((claim) => withOwnerReferences(claim, owner ? [owner] : []));
}

/** A pod that waits for its claim gets it back when somebody removed it. */
function claimAgain(view: StatefulSetView, ordinal: number, pod: Pod): StatefulSetStep[] {
  const claims = pod.status?.phase === 'Pending' ? missingClaims(view, ordinal) : [];
  return claims.length === 0 ? [] : [{ do: 'claim', pod, claims }];
}

/** An adopted pod is told who it is. */
function label({ set }: StatefulSetView, ordinal: number, pod: Pod): StatefulSetStep[] {
  const labels = identityLabels(set, ordinal);
  const known = metaOf(pod).labels ?? {};
  return Object.entries(labels).every(([name, value]) => known[name] === value) ? [] : [{ do: 'label', pod, labels }];
}

const ownClaims = ({ set, claimNamed }: StatefulSetView, pod: Pod, isCondemned: boolean): StatefulSetStep[] =>
  claimNames(set, ordinalOf(pod)).flatMap((name): StatefulSetStep[] => {
    const claim = claimNamed(name);
    const owners = claim && claimOwners(set, pod, isCondemned, claim);
    return owners ? [{ do: 'own', claim, owners }] : [];
  });

/** The last goes when it is gone that went before; an unhealthy one holds up all others but itself. */
function condemnNext(view: StatefulSetView, condemned: readonly Pod[]): Pod[] {
  const [last] = condemned;
  if (!last || isPodTerminating(last)) return [];
  const firstUnhealthy = condemned.findLast((pod) => !isAvailable(view, pod));
  return isAvailable(view, last) || last === firstUnhealthy ? [last] : [];
}
