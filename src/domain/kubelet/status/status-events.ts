import { sameJson } from '../../meta/deep-equal.ts';
import type { ContainerStatus, Pod, PodStatus } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import { isRefused, refusalPrefix } from '../../resources/refused-pod.ts';
import { fieldPathOf } from '../pod/container-kinds.ts';
import { isPaused } from './paused.ts';

export type StatusEvent = { type: 'Normal' | 'Warning'; reason: string; message: string; fieldPath?: string };

/**
 * What a pod's owner should hear of when the engine itself did something: it restarted a container, waits before it does, or
 * somebody stopped one (texts of kubernetes pkg/kubelet/kuberuntime and events/event.go).
 */
export function statusEvents(pod: Pod, next: PodStatus): StatusEvent[] {
  const before = new Map((pod.status?.containerStatuses ?? []).map((status) => [status.name, status]));
  const ofContainers = (next.containerStatuses ?? []).flatMap((s) => containerEvents(pod, before.get(s.name), s));
  return [...refusal(pod, next), ...pauseEvents(pod.status, next), ...ofContainers];
}

/** Tells what a pod's next status brings; the pod is as it was shown until now. */
export function tellStatusEvents(recorder: EventRecorder, pod: Pod, next: PodStatus): void {
  for (const { type, reason, message, fieldPath } of statusEvents(pod, next))
    recorder.event(pod, type, reason, message, fieldPath);
}

function refusal(pod: Pod, next: PodStatus): StatusEvent[] {
  if (!isRefused({ status: next }) || isRefused(pod)) return [];
  const { reason = '', message = '' } = next;
  return [{ type: 'Warning', reason, message: message.slice(refusalPrefix.length) }];
}

function pauseEvents(before: PodStatus | undefined, after: PodStatus): StatusEvent[] {
  if (isPaused(after) && before?.message !== after.message)
    return [{ type: 'Normal', reason: 'Paused', message: after.message ?? '' }];
  if (isPaused(before) && !isPaused(after))
    return [{ type: 'Normal', reason: 'Unpaused', message: 'All containers go on' }];
  return [];
}

function containerEvents(pod: Pod, before: ContainerStatus | undefined, after: ContainerStatus): StatusEvent[] {
  const restarted = before !== undefined && after.restartCount > before.restartCount;
  const { name = '', namespace = '', uid = '' } = pod.metadata ?? {};
  const events: StatusEvent[] = [];
  if (restarted && after.state?.running) {
    events.push({ type: 'Normal', reason: 'Started', message: `Started container ${after.name}` });
  }
  if (entered(before, after, 'CrashLoopBackOff') || (restarted && waitsFor(after, 'CrashLoopBackOff'))) {
    const message = `Back-off restarting failed container ${after.name} in pod ${name}_${namespace}(${uid})`;
    events.push({ type: 'Warning', reason: 'BackOff', message });
  }
  if (after.state?.terminated?.reason === 'Stopped' && before?.state?.terminated?.reason !== 'Stopped') {
    events.push({ type: 'Normal', reason: 'Stopped', message: `Container ${after.name} was stopped on the engine` });
  }
  if (wasStarted(before, after)) {
    events.push({ type: 'Normal', reason: 'Started', message: `Container ${after.name} was started on the engine` });
  }
  const limits = changedLimits(pod, before, after);
  if (limits !== undefined) {
    const message = `Container ${after.name} was given other limits on the engine: ${limits}`;
    events.push({ type: 'Normal', reason: 'ResourcesChanged', message });
  }
  return events.map((event) => ({ ...event, fieldPath: fieldPathOf(pod, after.name) }));
}

const waitsFor = (status: ContainerStatus | undefined, reason: string): boolean =>
  status?.state?.waiting?.reason === reason;

const entered = (before: ContainerStatus | undefined, after: ContainerStatus, reason: string): boolean =>
  waitsFor(after, reason) && !waitsFor(before, reason);

/** It was stopped by hand, and runs again. */
const wasStarted = (before: ContainerStatus | undefined, after: ContainerStatus): boolean =>
  before?.state?.terminated?.reason === 'Stopped' &&
  after.state?.running !== undefined &&
  before.restartCount === after.restartCount;

/** The new limits, in words; undefined unless somebody else than k2d changed them. */
function changedLimits(pod: Pod, before: ContainerStatus | undefined, after: ContainerStatus): string | undefined {
  const isSame = sameJson(before?.resources?.limits ?? {}, after.resources?.limits ?? {});
  if (isSame || before?.containerID !== after.containerID || !before?.state?.running || !after.state?.running)
    return undefined;
  const { resources } = pod.spec?.containers.find(({ name }) => name === after.name) ?? {};
  const limits = after.resources?.limits ?? {};
  if (sameJson(resources?.limits ?? {}, limits)) return undefined;
  return (
    Object.entries(limits)
      .map(([name, amount]) => `${name} ${amount}`)
      .join(', ') || 'none'
  );
}
