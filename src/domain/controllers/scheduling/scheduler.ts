import { toTime } from '../../meta/clock.ts';
import { sameJson } from '../../meta/deep-equal.ts';
import { keyOf, metaOf, type ObjectKey } from '../../meta/object-key.ts';
import { isNotFound } from '../../meta/status-error.ts';
import type { Node, Pod } from '../../meta/types.ts';
import type { ChangeEvent } from '../../meta/watch-event.ts';
import type { Registry } from '../../registry/registry.ts';
import { namespaces } from '../../resources/namespace.ts';
import { roomTakersFor, takesRoom, type Neighbourhood } from '../../resources/neighbourhood.ts';
import { misfit, unscheduled, type Misfit } from '../../resources/node-fit.ts';
import { nodes } from '../../resources/node.ts';
import { podDisruptionBudgets } from '../../resources/pod-disruption-budget.ts';
import { pods } from '../../resources/pod.ts';
import { runController, source } from '../controller.ts';
import type { NodeControllerOptions } from '../node-controller-options.ts';
import { nominate, performPreemption } from './perform-preemption.ts';
import { planPreemption } from './preemption-plan.ts';

const waits = (pod: Pod): boolean => !pod.spec?.nodeName && metaOf(pod).deletionTimestamp === undefined;

/** All of the node that the fit depends on; what it reports of itself otherwise never matters. */
const whatCounts = (node: Node | undefined) => [node?.spec, node && metaOf(node).labels, node?.status?.allocatable];

/** It may fit now, or its going or its company makes others fit. */
const podMatters = ({ type, object, previous }: ChangeEvent<Pod>): boolean =>
  type !== 'MODIFIED' ||
  !previous ||
  takesRoom(object) !== takesRoom(previous) ||
  !sameJson([metaOf(object).labels, object.spec], [metaOf(previous).labels, previous.spec]);

const all = ['pods'];

/**
 * Admission gives most pods their node at once (admission/node-assignment.ts). This looks again at those that did not fit, when they,
 * the node or the others on it change, the most important first, then the oldest: an uncordoned node takes what waits. For what is more important than what runs, it makes room.
 */
export function startScheduler(options: NodeControllerOptions): Promise<void> {
  const { registry, nodeName, logger, signal } = options;
  return runController({
    name: 'scheduler',
    registry,
    logger,
    sources: [
      source(pods, (event) => (podMatters(event) ? all : [])),
      source(nodes, ({ object, previous }) =>
        metaOf(object).name === nodeName && !sameJson(whatCounts(object), whatCounts(previous)) ? all : [],
      ),
    ],
    reconcile: () => scheduleAll(options),
    signal,
    concurrency: 1,
  });
}

async function scheduleAll(options: NodeControllerOptions): Promise<void> {
  const { registry, nodeName } = options;
  const waiting = registry.all(pods).filter(waits).toSorted(byUrgency);
  for (const key of waiting.map(keyOf)) {
    const pod = registry.find(pods, key);
    if (!pod || !waits(pod)) continue;
    const node = registry.find(nodes, { namespace: '', name: nodeName });
    const around = neighbourhood(registry, pod);
    const why = misfit(pod, node, around);
    try {
      if (why === undefined) await bind(options, key);
      else {
        await explain(options, pod, why);
        if (why.reason === 'Unschedulable') await makeRoom(options, pod, node, around);
      }
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

/** kubernetes pkg/scheduler/framework/plugins/queuesort/priority_sort.go */
const byUrgency = (a: Pod, b: Pod): number =>
  (b.spec?.priority ?? 0) - (a.spec?.priority ?? 0) ||
  Date.parse(metaOf(a).creationTimestamp ?? '') - Date.parse(metaOf(b).creationTimestamp ?? '');

const neighbourhood = (registry: Registry, pod: Pod): Neighbourhood => ({
  pods: roomTakersFor(pod, registry.all(pods)),
  namespaceLabels: (name) => {
    const namespace = registry.find(namespaces, { namespace: '', name });
    return namespace && (metaOf(namespace).labels ?? {});
  },
});

const bind = async ({ registry, nodeName, recorder }: NodeControllerOptions, key: ObjectKey): Promise<void> => {
  const bound = await registry.update(
    pods,
    key,
    (pod) => (waits(pod) ? { ...pod, spec: { ...pod.spec!, nodeName } } : pod),
    { subresource: 'binding' },
  );
  await nominate(registry, bound, undefined);
  const name = `${key.namespace}/${key.name}`;
  recorder.event(bound, 'Normal', 'Scheduled', `Successfully assigned ${name} to ${nodeName}`);
};

/** Less important pods go when that is all that is missing. A promise that nobody's going can keep is taken back. */
async function makeRoom(
  options: NodeControllerOptions,
  pod: Pod,
  node: Node | undefined,
  around: Neighbourhood,
): Promise<void> {
  const { registry, nodeName } = options;
  const plan = planPreemption(pod, node, around, registry.all(podDisruptionBudgets));
  if (plan.kind === 'wait') return nominate(registry, pod, undefined);
  // Those who make room are going already. The promise for which they go may have been lost with the process.
  if (plan.victims.length === 0) return nominate(registry, pod, nodeName);
  await performPreemption(options, pod, plan.victims);
}

/** Says why once: the same reason again changes nothing. */
async function explain({ registry, recorder, clock }: NodeControllerOptions, pod: Pod, why: Misfit): Promise<void> {
  if (why.reason === 'Unschedulable') recorder.event(pod, 'Warning', 'FailedScheduling', why.message);
  const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  const said = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (said?.reason === why.reason && said.message === why.message) return;
  const conditions = [...others, unscheduled(why, toTime(clock.now()))];
  await registry.update(pods, keyOf(pod), (current) => ({ ...current, status: { ...current.status, conditions } }), {
    subresource: 'status',
  });
}
