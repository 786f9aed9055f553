import { toTime } from '../../meta/clock.ts';
import type { ContainerStatus, Pod, PodStatus } from '../../meta/types.ts';
import { latest, type ObservedPod } from '../pod/observed-pod.ts';
import { needsSandbox } from '../pod/pod-identity.ts';
import { containerStatus } from './container-status.ts';
import { conditionsOf } from './pod-conditions.ts';
import { phaseOf } from './pod-phase.ts';
import type { StatusContext } from './status-context.ts';

/** What the engine shows, in Kubernetes' words (kubernetes pkg/kubelet/kubelet_pods.go generateAPIPodStatus). */
export function podStatus(pod: Pod, observed: ObservedPod, context: StatusContext): PodStatus {
  const init = (pod.spec?.initContainers ?? []).map((c) =>
    containerStatus(pod, c, true, observed, context, 'PodInitializing'),
  );
  const initialized = init.every((s) => s.state?.terminated?.exitCode === 0) || anyStarted(pod, observed);
  const waitingFor = initialized ? 'ContainerCreating' : 'PodInitializing';
  const main = pod.spec!.containers.map((c) => containerStatus(pod, c, false, observed, context, waitingFor));
  const phase = context.failure ? 'Failed' : phaseOf(pod, init, main, initialized);
  const ip = context.podIp;
  return {
    ...pod.status,
    phase,
    ...context.failure,
    conditions: conditionsOf(pod, phase, initialized, main, sandboxReady(pod, observed, main), context.now),
    hostIP: context.hostIp,
    hostIPs: [{ ip: context.hostIp }],
    ...(ip === undefined ? {} : { podIP: ip, podIPs: [{ ip }] }),
    startTime: pod.status?.startTime ?? toTime(startOf(observed) ?? context.now),
    ...(init.length > 0 ? { initContainerStatuses: init } : {}),
    containerStatuses: main,
    observedGeneration: pod.metadata?.generation ?? 1,
  };
}

/** After a restart of k2d the oldest container tells since when the pod has been here. */
const startOf = ({ containers }: ObservedPod): Date | undefined =>
  containers.map((c) => c.createdAt).toSorted((a, b) => a.getTime() - b.getTime())[0];

const anyStarted = (pod: Pod, observed: ObservedPod): boolean =>
  pod.spec!.containers.some((c) => latest(observed, c.name) !== undefined);

const sandboxReady = (pod: Pod, observed: ObservedPod, main: readonly ContainerStatus[]): boolean =>
  needsSandbox(pod) ? observed.sandbox?.state === 'ready' : main.some((s) => s.state?.running !== undefined);
