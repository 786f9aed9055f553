import { sameJson } from '../../meta/deep-equal.ts';
import { formatKey, keyOf, metaOf, parseKey } from '../../meta/object-key.ts';
import type { Pod } from '../../meta/types.ts';
import { isForeign } from '../../resources/foreign-pod.ts';
import { takesRoom } from '../../resources/neighbourhood.ts';
import { nodes } from '../../resources/node.ts';
import { pods } from '../../resources/pod.ts';
import { runController, source } from '../controller.ts';
import type { NodeControllerOptions } from '../node-controller-options.ts';
import { isPodTerminating } from '../pod-lifecycle.ts';
import { disruptPod } from './disrupt-pod.ts';
import { timeUntilEviction } from './taint-eviction-plan.ts';
import type { Requeue } from '../work-queue.ts';

/** Foreign containers were never placed, so nothing drives them away. */
const canBeDriven = (pod: Pod): boolean => takesRoom(pod) && !isPodTerminating(pod) && !isForeign(pod);

/** Drives pods away that do not tolerate a taint of effect NoExecute (kubernetes pkg/controller/tainteviction). */
export function startTaintEvictionController(options: NodeControllerOptions): Promise<void> {
  const { registry, nodeName, logger, signal } = options;
  const begun: Begun = new Map();
  return runController({
    name: 'taint-eviction-controller',
    registry,
    logger,
    sources: [
      source(pods, ({ type, object, previous }) =>
        type !== 'MODIFIED' || !sameJson(object.spec, previous?.spec) ? [formatKey(keyOf(object))] : [],
      ),
      source(nodes, ({ object, previous }) =>
        metaOf(object).name === nodeName && !sameJson(object.spec?.taints, previous?.spec?.taints)
          ? registry.all(pods).map((pod) => formatKey(keyOf(pod)))
          : [],
      ),
    ],
    reconcile: (key) => look(options, begun, key),
    signal,
    concurrency: 1,
  });
}

/** Since when a pod is being driven away, in milliseconds since 1970. */
type Begun = Map<string, { uid: string | undefined; at: number }>;

async function look(options: NodeControllerOptions, begun: Begun, key: string): Promise<Requeue | void> {
  const { registry, nodeName, recorder, clock } = options;
  const pod = registry.find(pods, parseKey(key));
  const taints = registry.find(nodes, { namespace: '', name: nodeName })?.spec?.taints ?? [];
  const patience = pod && canBeDriven(pod) ? timeUntilEviction(pod, taints) : undefined;
  if (!pod || patience === undefined) {
    const wasToGo = begun.delete(key) && pod && metaOf(pod).deletionTimestamp === undefined;
    if (wasToGo) recorder.event(pod, 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`);
    return;
  }
  const { uid } = metaOf(pod);
  const now = clock.now().getTime();
  const known = begun.get(key);
  // Another pod may have had the name.
  const since = known && known.uid === uid ? known : { uid, at: now };
  const left = since.at + patience - now;
  if (left > 0) {
    begun.set(key, since);
    return { afterMs: left };
  }
  begun.delete(key);
  recorder.event(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${key}`);
  const why = { reason: 'DeletionByTaintManager', message: 'Taint manager: deleting due to NoExecute taint' };
  await disruptPod(options, pod, why);
}
