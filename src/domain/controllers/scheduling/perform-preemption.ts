import { keyOf, metaOf } from '../../meta/object-key.ts';
import { ignore, isNotFound } from '../../meta/status-error.ts';
import type { Clock } from '../../meta/clock.ts';
import type { Pod } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { Registry } from '../../registry/registry.ts';
import { priorityOf } from '../../resources/neighbourhood.ts';
import { pods } from '../../resources/pod.ts';
import { disruptPod } from './disrupt-pod.ts';

type Options = { registry: Registry; nodeName: string; recorder: EventRecorder; clock: Clock };

/**
 * Promises the node to the pod, and ends who has to go, in this order: room that is free for a moment is nobody else's
 * (kubernetes pkg/scheduler/framework/preemption/preemption.go prepareCandidate).
 */
export async function performPreemption(options: Options, pod: Pod, victims: readonly Pod[]): Promise<void> {
  const { registry, nodeName } = options;
  await nominate(registry, pod, nodeName);
  const outdone = registry
    .all(pods)
    .filter((other) => other.status?.nominatedNodeName && !other.spec?.nodeName && priorityOf(other) < priorityOf(pod));
  for (const other of outdone) await nominate(registry, other, undefined);
  for (const victim of victims) await end(options, victim, pod);
}

/** `nodeName` undefined takes the promise back. */
export async function nominate(registry: Registry, pod: Pod, nodeName: string | undefined): Promise<void> {
  if (pod.status?.nominatedNodeName === nodeName) return;
  const change = (current: Pod): Pod => {
    if (metaOf(current).uid !== metaOf(pod).uid) return current;
    const { nominatedNodeName: _before, ...status } = current.status ?? {};
    return { ...current, status: nodeName === undefined ? status : { ...status, nominatedNodeName: nodeName } };
  };
  await registry.update(pods, keyOf(pod), change, { subresource: 'status' }).catch(ignore(isNotFound));
}

async function end({ registry, nodeName, recorder, clock }: Options, victim: Pod, preemptor: Pod): Promise<void> {
  const why = {
    reason: 'PreemptionByScheduler',
    message: `${preemptor.spec?.schedulerName ?? 'default-scheduler'}: preempting to accommodate a higher priority pod`,
  };
  await disruptPod({ registry, clock }, victim, why);
  recorder.event(victim, 'Normal', 'Preempted', `Preempted by pod ${metaOf(preemptor).uid} on node ${nodeName}`);
}
