import type { Clock } from '../../meta/clock.ts';
import { fromLabelSelector } from '../../meta/label-selector.ts';
import type { Logger } from '../../meta/logger.ts';
import { formatKey, keyOf, metaOf, parseKey } from '../../meta/object-key.ts';
import type { ControllerRevision, KubernetesObject, Pod, StatefulSet } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { Registry } from '../../registry/registry.ts';
import { controllerRevisions } from '../../resources/controller-revision.ts';
import { isForeign } from '../../resources/foreign-pod.ts';
import { persistentVolumeClaims } from '../../resources/persistent-volume-claim.ts';
import { pods } from '../../resources/pod.ts';
import { statefulSets } from '../../resources/stateful-set.ts';
import { runController, source } from '../controller.ts';
import { claim } from '../controller-claims.ts';
import { FailureBackoff } from '../failure-backoff.ts';
import { syncHistory, truncateHistory, type History } from '../history/controller-history.ts';
import { inOrder } from '../history/history-plan.ts';
import { isNamespaceTerminating } from '../namespace-terminating.ts';
import { isControlledBy, ownerNamesOf } from '../owner-references.ts';
import { nextAvailabilityMs } from '../pod-lifecycle.ts';
import { imagesAheadInMs, type PullAhead } from '../updates/images-ahead.ts';
import { postponement } from '../updates/update-postponement.ts';
import type { Requeue } from '../work-queue.ts';
import { writeStatus } from '../write-status.ts';
import { memberOf } from './ordinals.ts';
import { performStatefulSetPlan } from './perform-statefulset-plan.ts';
import { claimNames, revisionLabel } from './stateful-pod.ts';
import { outdatedPods } from './rolling-update.ts';
import { planStatefulSet, type StatefulSetStep } from './statefulset-plan.ts';
import { statefulSetStatus } from './statefulset-status.ts';

export type StatefulSetControllerOptions = {
  registry: Registry;
  /** component `statefulset-controller`. */
  recorder: EventRecorder;
  pullAhead: PullAhead;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
};

type Context = StatefulSetControllerOptions & { backoff: FailureBackoff };

const kind = { definition: statefulSets, hashLabel: 'controller.kubernetes.io/hash' };

/** Pods with names, addresses and volumes of their own, made and replaced in order (kubernetes pkg/controller/statefulset). */
export function startStatefulSetController(options: StatefulSetControllerOptions): Promise<void> {
  const { registry } = options;
  const context = { ...options, backoff: new FailureBackoff() };
  const inNamespaceOf = (object: KubernetesObject, name: string): string =>
    formatKey({ namespace: metaOf(object).namespace ?? '', name });
  return runController({
    name: 'statefulset-controller',
    registry,
    logger: options.logger,
    sources: [
      source(statefulSets, ({ type, object }) => {
        if (type === 'DELETED') context.backoff.forget(metaOf(object).uid ?? '');
        return [formatKey(keyOf(object))];
      }),
      // Also of a stranger that has the name of a member: it stands in the way until it is gone.
      source(pods, ({ object }) => {
        const member = memberOf(object);
        return member ? [inNamespaceOf(object, member.setName)] : [];
      }),
      source(controllerRevisions, (event) =>
        ownerNamesOf(event, statefulSets).map((name) => inNamespaceOf(event.object, name)),
      ),
      // A pod is not made again before the claim of its predecessor has gone.
      source(persistentVolumeClaims, ({ type, object }) => (type === 'DELETED' ? setsOfClaim(registry, object) : [])),
    ],
    reconcile: (key) => reconcile(context, key),
    signal: options.signal,
    concurrency: 4,
  });
}

function setsOfClaim(registry: Registry, claim: KubernetesObject): string[] {
  const { name = '', namespace } = metaOf(claim);
  const ordinal = memberOf(claim)?.ordinal;
  if (ordinal === undefined) return [];
  const sets = registry.all(statefulSets, namespace).filter((set) => claimNames(set, ordinal).includes(name));
  return sets.map((set) => formatKey(keyOf(set)));
}

async function reconcile(context: Context, key: string): Promise<Requeue | void> {
  const { registry, clock } = context;
  const set = registry.find(statefulSets, parseKey(key));
  // One that is being deleted is the garbage collector's.
  if (!set || metaOf(set).deletionTimestamp !== undefined) return;
  const claimed = await claimMembers(registry, set);
  const history = await syncHistory(registry, kind, set);
  const current = formerRevision(set, history, claimed);
  const { namespace = '' } = metaOf(set);
  const view = {
    set,
    current,
    update: history.update,
    pods: claimed,
    claimNamed: (name: string) => registry.find(persistentVolumeClaims, { namespace, name }),
    now: clock.now(),
  };
  const postponed = postponement(set, outdatedPods(view));
  const planned = planStatefulSet({ ...view, mayNotStop: postponed !== undefined });
  const { steps: plan, imagesInMs } = await imagesFirst(context, set, planned, postponed !== undefined);
  const { steps, againInMs } = withoutHurry(context, set, plan);
  const failure = await performStatefulSetPlan(context, set, steps).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const left = members(registry, set).filter((pod) => isControlledBy(pod, set));
  const status = statefulSetStatus({ ...history, set, current, pods: left, postponed, now: clock.now() });
  await writeStatus(registry, statefulSets, set, status);
  const live = new Set([status.currentRevision, status.updateRevision, ...left.map(revisionOf)]);
  await truncateHistory(registry, set, history, (revision) => live.has(metaOf(revision).name));
  if (failure && !isNamespaceTerminating(failure.error)) throw failure.error;
  const available = nextAvailabilityMs(left, set.spec?.minReadySeconds ?? 0, clock.now());
  const later = [available, againInMs, imagesInMs].filter((ms) => ms !== undefined);
  return later.length === 0 ? undefined : { afterMs: Math.min(...later) };
}

/** No pod makes room before the images of what follows it are there; they come also while the update is postponed. */
async function imagesFirst(
  { pullAhead }: Context,
  set: StatefulSet,
  steps: readonly StatefulSetStep[],
  isPostponed: boolean,
): Promise<{ steps: readonly StatefulSetStep[]; imagesInMs?: number }> {
  const replaces = (step: StatefulSetStep) => step.do === 'replace';
  const imagesInMs = isPostponed || steps.some(replaces) ? await imagesAheadInMs(pullAhead, set) : undefined;
  return imagesInMs === undefined ? { steps } : { steps: steps.filter((step) => !replaces(step)), imagesInMs };
}

/** Whose pods fail at once gets new ones more and more rarely: Kubernetes does not wait, and would make them as fast as the node refuses them. */
function withoutHurry(
  { backoff, clock }: Context,
  set: StatefulSet,
  plan: readonly StatefulSetStep[],
): { steps: readonly StatefulSetStep[]; againInMs?: number } {
  const clears = (step: StatefulSetStep) => step.do === 'recreate' && step.pod.status?.phase === 'Failed';
  const waitMs = plan.some(clears) ? backoff.pause(metaOf(set).uid ?? '', clock.now().getTime()) : 0;
  return waitMs === 0 ? { steps: plan } : { steps: plan.filter((step) => !clears(step)), againInMs: waitMs };
}

const revisionOf = (pod: Pod): string | undefined => metaOf(pod).labels?.[revisionLabel];

/** Everything that has the name of a pod of the set, in whatever state. */
const members = (registry: Registry, set: StatefulSet): Pod[] =>
  registry
    .all(pods, metaOf(set).namespace)
    .filter((pod) => memberOf(pod)?.setName === metaOf(set).name && !isForeign(pod));

const claimMembers = (registry: Registry, set: StatefulSet): Promise<Pod[]> =>
  claim({
    registry,
    owners: statefulSets,
    owner: set,
    definition: pods,
    selector: fromLabelSelector(set.spec?.selector) ?? [],
    candidates: members(registry, set),
  });

/**
 * The version that pods had before the newest: as the status says, or, where that was never written down, what they still run. Without
 * either there was none.
 */
function formerRevision(set: StatefulSet, { revisions, update }: History, own: readonly Pod[]): ControllerRevision {
  const named = (name: string | undefined) => revisions.find((revision) => metaOf(revision).name === name);
  const running = new Set(own.map(revisionOf));
  const runs = (revision: ControllerRevision) => revision !== update && running.has(metaOf(revision).name);
  return named(set.status?.currentRevision) ?? inOrder(revisions).findLast(runs) ?? update;
}
