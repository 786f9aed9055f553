import { sameJson } from '../../meta/deep-equal.ts';
import { fromLabelSelector, matches } from '../../meta/label-selector.ts';
import { controllerOf, formatKey, keyOf, metaOf, parseKey } from '../../meta/object-key.ts';
import type { DaemonSet, Node, Pod } from '../../meta/types.ts';
import type { ChangeEvent } from '../../meta/watch-event.ts';
import type { Registry } from '../../registry/registry.ts';
import { controllerRevisions } from '../../resources/controller-revision.ts';
import { daemonSets } from '../../resources/daemon-set.ts';
import { isForeign } from '../../resources/foreign-pod.ts';
import { nodes } from '../../resources/node.ts';
import { pods } from '../../resources/pod.ts';
import { runController, source } from '../controller.ts';
import type { NodeControllerOptions } from '../node-controller-options.ts';
import { claim } from '../controller-claims.ts';
import { syncHistory, truncateHistory } from '../history/controller-history.ts';
import { isNamespaceTerminating } from '../namespace-terminating.ts';
import { isControlledBy, ownerNamesOf } from '../owner-references.ts';
import { isPodTerminal, isPodTerminating, nextAvailabilityMs } from '../pod-lifecycle.ts';
import { imagesAheadInMs, type PullAhead } from '../updates/images-ahead.ts';
import { postponement } from '../updates/update-postponement.ts';
import type { Requeue } from '../work-queue.ts';
import { writeStatus } from '../write-status.ts';
import { hashLabel } from './daemon-pod.ts';
import { outdatedPods, planDaemonSet, type DaemonSetPlan } from './daemonset-plan.ts';
import { daemonSetStatus } from './daemonset-status.ts';
import { FailureBackoff } from '../failure-backoff.ts';
import { nodeChoice } from './node-choice.ts';
import { performDaemonSetPlan } from './perform-daemonset-plan.ts';

export type DaemonSetControllerOptions = NodeControllerOptions & { pullAhead: PullAhead };

type Context = DaemonSetControllerOptions & { backoff: FailureBackoff };

const kind = { definition: daemonSets, hashLabel };

/** One pod of every DaemonSet on the node that suits it (kubernetes pkg/controller/daemon). */
export function startDaemonSetController(options: DaemonSetControllerOptions): Promise<void> {
  const { registry } = options;
  const context = { ...options, backoff: new FailureBackoff() };
  return runController({
    name: 'daemonset-controller',
    registry,
    logger: options.logger,
    sources: [
      source(daemonSets, ({ type, object }) => {
        if (type === 'DELETED') context.backoff.forget(metaOf(object).uid ?? '');
        return [formatKey(keyOf(object))];
      }),
      source(pods, (event) => setsOfPod(registry, event)),
      source(controllerRevisions, ownerKeys),
      source(nodes, (event) =>
        changesChoice(event) ? registry.all(daemonSets).map((set) => formatKey(keyOf(set))) : [],
      ),
    ],
    reconcile: (key) => reconcile(context, key),
    signal: options.signal,
    concurrency: 4,
  });
}

const ownerKeys = (event: ChangeEvent): string[] =>
  ownerNamesOf(event, daemonSets).map((name) => formatKey({ namespace: metaOf(event.object).namespace ?? '', name }));

/** The set that controls the pod, now or before the change; for a pod without controller, every set that could adopt it. */
function setsOfPod(registry: Registry, event: ChangeEvent<Pod>): string[] {
  if (controllerOf(event.object)) return ownerKeys(event);
  const { namespace, labels } = metaOf(event.object);
  const adopters = registry
    .all(daemonSets, namespace)
    .filter(({ spec }) => matches(fromLabelSelector(spec?.selector) ?? [], labels));
  return [...ownerKeys(event), ...adopters.map((set) => formatKey(keyOf(set)))];
}

/** The node's status changes all the time, and says nothing about who belongs there. */
const changesChoice = ({ object, previous }: ChangeEvent<Node>): boolean =>
  !previous || !sameJson(object.spec, previous.spec) || !sameJson(metaOf(object).labels, metaOf(previous).labels);

async function reconcile(context: Context, key: string): Promise<Requeue | void> {
  const { registry, clock, nodeName } = context;
  const set = registry.find(daemonSets, parseKey(key));
  const node = registry.find(nodes, { namespace: '', name: nodeName });
  // One that is being deleted is the garbage collector's.
  if (!set || !node || metaOf(set).deletionTimestamp !== undefined) return;
  const claimed = await claimPods(registry, set);
  const history = await syncHistory(registry, kind, set);
  const hash = metaOf(history.update).labels?.[hashLabel] ?? '';
  const view = { set, hash, choice: nodeChoice(set, node), pods: claimed, now: clock.now() };
  const postponed = postponement(set, outdatedPods(view));
  const planned = planDaemonSet(view, postponed !== undefined);
  const { plan, imagesInMs } = await imagesFirst(context, set, planned, postponed !== undefined);
  const { failure, retryMs } = await performDaemonSetPlan(context, set, hash, plan);
  const left = ownPods(registry, set).filter((pod) => isControlledBy(pod, set));
  const status = daemonSetStatus({ ...view, pods: left }, postponed, history.collisionCount);
  await writeStatus(registry, daemonSets, set, status);
  const live = new Set([hash, ...left.map((pod) => metaOf(pod).labels?.[hashLabel])]);
  await truncateHistory(registry, set, history, (revision) => live.has(metaOf(revision).labels?.[hashLabel]));
  if (failure && !isNamespaceTerminating(failure.error)) throw failure.error;
  const availableMs = nextAvailabilityMs(left, set.spec?.minReadySeconds ?? 0, clock.now());
  const later = [availableMs, retryMs, imagesInMs].filter((ms) => ms !== undefined);
  return later.length === 0 ? undefined : { afterMs: Math.min(...later) };
}

/** No pod makes room before the images of what follows it are there; they come also while the update is postponed. */
async function imagesFirst(
  { pullAhead }: Context,
  set: DaemonSet,
  plan: DaemonSetPlan,
  isPostponed: boolean,
): Promise<{ plan: DaemonSetPlan; imagesInMs?: number }> {
  const asks = isPostponed || plan.replace.length > 0;
  const imagesInMs = asks ? await imagesAheadInMs(pullAhead, set) : undefined;
  return imagesInMs === undefined ? { plan } : { plan: { ...plan, replace: [] }, imagesInMs };
}

/** One that has ended and is being deleted takes nobody's place (daemon_controller.go getNodesToDaemonPods). */
const ownPods = (registry: Registry, set: DaemonSet): Pod[] =>
  registry
    .all(pods, metaOf(set).namespace)
    .filter((pod) => !isForeign(pod) && !(isPodTerminal(pod) && isPodTerminating(pod)));

const claimPods = (registry: Registry, set: DaemonSet): Promise<Pod[]> =>
  claim({
    registry,
    owners: daemonSets,
    owner: set,
    definition: pods,
    selector: fromLabelSelector(set.spec?.selector) ?? [],
    candidates: ownPods(registry, set),
  });
