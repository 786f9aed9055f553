import { toTime, type Clock } from '../meta/clock.ts';
import { sameJson } from '../meta/deep-equal.ts';
import type { Logger } from '../meta/logger.ts';
import { formatKey, keyOf, metaOf, parseKey, type ObjectKey } from '../meta/object-key.ts';
import { isNotFound } from '../meta/status-error.ts';
import type { Node, Pod } from '../meta/types.ts';
import type { EventRecorder } from '../registry/event-recorder.ts';
import type { Registry } from '../registry/registry.ts';
import { misfit, unscheduled, type Misfit } from '../resources/node-fit.ts';
import { nodes } from '../resources/node.ts';
import { pods } from '../resources/pod.ts';
import { runController, source } from './controller.ts';

export type SchedulerOptions = {
  registry: Registry;
  nodeName: string;
  recorder: EventRecorder;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
};

const waits = (pod: Pod): boolean => !pod.spec?.nodeName && metaOf(pod).deletionTimestamp === undefined;

/** All that the fit depends on: the node's status changes often and never matters. */
const fitChanged = (node: Node, previous: Node | undefined): boolean =>
  !sameJson([node.spec, metaOf(node).labels], [previous?.spec, previous && metaOf(previous).labels]);

/**
 * Admission gives most pods their node at once (admission/node-assignment.ts). This looks again at those that did not fit, when they
 * or the node change: an uncordoned node takes what waits.
 */
export function startScheduler(options: SchedulerOptions): Promise<void> {
  const { registry, nodeName, logger, signal } = options;
  return runController({
    name: 'scheduler',
    registry,
    logger,
    sources: [
      source(pods, ({ object }) => (waits(object) ? [formatKey(keyOf(object))] : [])),
      source(nodes, ({ object, previous }) =>
        metaOf(object).name === nodeName && fitChanged(object, previous)
          ? registry
              .all(pods)
              .filter(waits)
              .map((pod) => formatKey(keyOf(pod)))
          : [],
      ),
    ],
    reconcile: (key) => schedule(options, parseKey(key)),
    signal,
    concurrency: 1,
  });
}

async function schedule(options: SchedulerOptions, key: ObjectKey): Promise<void> {
  const { registry, nodeName } = options;
  const pod = registry.find(pods, key);
  if (!pod || !waits(pod)) return;
  const why = misfit(pod, registry.find(nodes, { namespace: '', name: nodeName }));
  try {
    await (why === undefined ? bind(options, key) : explain(options, pod, why));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

const bind = async ({ registry, nodeName, recorder }: SchedulerOptions, key: ObjectKey): Promise<void> => {
  const bound = await registry.update(
    pods,
    key,
    (pod) => (waits(pod) ? { ...pod, spec: { ...pod.spec!, nodeName } } : pod),
    { subresource: 'binding' },
  );
  const name = `${key.namespace}/${key.name}`;
  recorder.event(bound, 'Normal', 'Scheduled', `Successfully assigned ${name} to ${nodeName}`);
};

/** Says why once: the same reason again changes nothing. */
async function explain({ registry, recorder, clock }: SchedulerOptions, pod: Pod, why: Misfit): Promise<void> {
  if (why.reason === 'Unschedulable') recorder.event(pod, 'Warning', 'FailedScheduling', why.message);
  const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  const said = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (said?.reason === why.reason && said.message === why.message) return;
  const conditions = [...others, unscheduled(why, toTime(clock.now()))];
  await registry.update(pods, keyOf(pod), (current) => ({ ...current, status: { ...current.status, conditions } }), {
    subresource: 'status',
  });
}
