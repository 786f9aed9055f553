import type { ContainerStatus, Pod, PodStatus } from '../../meta/types.ts';
import { refusalPrefix } from '../pod/pod-refusal.ts';

export type StatusEvent = { type: 'Normal' | 'Warning'; reason: string; message: string };

/**
 * What a pod's owner should hear of when the engine itself did something: it restarted a container, waits before it does, or
 * somebody stopped one (texts of kubernetes pkg/kubelet/kuberuntime and events/event.go).
 */
export function statusEvents(pod: Pod, next: PodStatus): StatusEvent[] {
  const before = new Map((pod.status?.containerStatuses ?? []).map((status) => [status.name, status]));
  const containers = (next.containerStatuses ?? []).flatMap((status) =>
    containerEvents(pod, before.get(status.name), status),
  );
  return [...refusal(pod, next), ...containers];
}

function refusal(pod: Pod, { phase, reason = '', message = '' }: PodStatus): StatusEvent[] {
  if (phase !== 'Failed' || pod.status?.phase === 'Failed' || !message.startsWith(refusalPrefix)) return [];
  return [{ type: 'Warning', reason, message: message.slice(refusalPrefix.length) }];
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
  return events;
}

const waitsFor = (status: ContainerStatus | undefined, reason: string): boolean =>
  status?.state?.waiting?.reason === reason;

const entered = (before: ContainerStatus | undefined, after: ContainerStatus, reason: string): boolean =>
  waitsFor(after, reason) && !waitsFor(before, reason);
