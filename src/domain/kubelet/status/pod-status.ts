import { toTime } from '../../meta/clock.ts';
import type { Container, ContainerStatus, Pod, PodStatus } from '../../meta/types.ts';
import { isRefused } from '../../resources/refused-pod.ts';
import { podContainers, type ContainerKind } from '../pod/container-kinds.ts';
import { isAlive, latest, type ObservedPod } from '../pod/observed-pod.ts';
import { needsSandbox } from '../pod/pod-identity.ts';
import { hasEnded, podVerdict, type PodVerdict } from '../pod/pod-verdict.ts';
import { containerStatus } from './container-status.ts';
import { pausedReason } from './paused.ts';
import { conditionsOf } from './pod-conditions.ts';
import { phaseOf } from './pod-phase.ts';
import type { StatusContext } from './status-context.ts';
import { withinBounds } from './message-bounds.ts';

/** What the engine shows, in Kubernetes' words (kubernetes pkg/kubelet/kubelet_pods.go generateAPIPodStatus). */
export function podStatus(pod: Pod, observed: ObservedPod, context: StatusContext): PodStatus {
  // How it ended is final: its containers may be gone, and nothing else is left to tell.
  if (hasEnded(pod) && pod.status?.containerStatuses) return pod.status;
  const kinds = podContainers(pod);
  const ends = context.failure !== undefined || podVerdict(pod, observed) !== undefined;
  const isOver = ends || pod.metadata?.deletionTimestamp !== undefined;
  const of = (wanted: readonly ContainerKind[], waitingFor: string): ContainerStatus[] =>
    kinds
      .filter(({ kind }) => wanted.includes(kind))
      .map(({ container, kind }) =>
        containerStatus(pod, container, kind, observed, { ...context, ends: isOver }, waitingFor),
      );
  const started = anyStarted(pod, observed);
  const init = of(['init', 'sidecar'], 'PodInitializing').map((s) => (started ? knownToHaveEnded(pod, s) : s));
  const initialized = started || init.every((s) => hasDoneItsPart(pod, s));
  const main = of(['main'], initialized ? 'ContainerCreating' : 'PodInitializing');
  const ephemeral = of(['ephemeral'], 'ContainerCreating');
  const verdict = verdictOf(pod, observed, context);
  const phase = verdict?.phase ?? phaseOf(main, initialized);
  const sidecars = init.filter(({ name }) => isSidecar(pod, name));
  const ip = context.podIp;
  const { reason: _reason, message: _message, ...before } = pod.status ?? {};
  return {
    ...before,
    ...pausedReason(pod, observed),
    phase,
    ...(verdict?.reason === undefined ? {} : { reason: verdict.reason }),
    ...(verdict?.message === undefined ? {} : { message: verdict.message }),
    conditions: conditionsOf(pod, {
      phase,
      uninitialized: initialized ? [] : init.filter((s) => !hasDoneItsPart(pod, s)).map((s) => s.name),
      members: [...sidecars, ...main],
      sandboxIsReady: sandboxReady(pod, observed),
      resizes: context.resizes,
      ...(context.updateAllowed === undefined ? {} : { updateAllowed: context.updateAllowed }),
      now: context.now,
    }),
    hostIP: context.hostIp,
    hostIPs: [{ ip: context.hostIp }],
    ...(ip === undefined ? {} : { podIP: ip, podIPs: [{ ip }] }),
    startTime: pod.status?.startTime ?? toTime(startOf(observed) ?? context.now),
    // Of a pod that was refused there are none (kubernetes pkg/kubelet/kubelet.go rejectPod); clients would show what they wait for.
    ...(verdict && isRefused({ status: verdict })
      ? { containerStatuses: [] }
      : withinBounds({
          ...(init.length > 0 ? { initContainerStatuses: init } : {}),
          containerStatuses: main,
          ...(ephemeral.length > 0 ? { ephemeralContainerStatuses: ephemeral } : {}),
        })),
    observedGeneration: pod.metadata?.generation ?? 1,
  };
}

/**
 * A phase is final only when nothing runs any more (kubernetes pkg/kubelet/status/status_manager.go mergePodStatus). Of what is being
 * deleted nothing more will run, so it has failed even if nothing ever ran (TerminatePod): whoever waits for its end must see one.
 */
function verdictOf(pod: Pod, observed: ObservedPod, context: StatusContext): PodVerdict | undefined {
  if (observed.containers.some(isAlive)) return undefined;
  const isGoing = pod.metadata?.deletionTimestamp !== undefined;
  return context.failure ?? podVerdict(pod, observed) ?? (isGoing ? { phase: 'Failed' } : undefined);
}

const isSidecar = (pod: Pod, name: string): boolean =>
  pod.spec?.initContainers?.find((c: Container) => c.name === name)?.restartPolicy === 'Always';

/** An init container has succeeded, a sidecar has started. */
const hasDoneItsPart = (pod: Pod, { name, state, started }: ContainerStatus): boolean =>
  isSidecar(pod, name) ? started === true : state?.terminated?.exitCode === 0;

/** Of an init container that somebody removed after it had done its work (convertToAPIContainerStatuses). */
function knownToHaveEnded(pod: Pod, status: ContainerStatus): ContainerStatus {
  if (status.containerID !== undefined || isSidecar(pod, status.name)) return status;
  const message = 'Unable to get init container status from container runtime and pod has been initialized';
  return { ...status, ready: true, state: { terminated: { exitCode: 0, reason: 'Completed', message } } };
}

/** After a restart of k2d the oldest container tells since when the pod has been here. */
const startOf = ({ containers }: ObservedPod): Date | undefined =>
  containers.map((c) => c.createdAt).toSorted((a, b) => a.getTime() - b.getTime())[0];

const anyStarted = (pod: Pod, observed: ObservedPod): boolean =>
  pod.spec!.containers.some((c) => latest(observed, c.name) !== undefined);

/** Without a sandbox of its own, the container that runs is the sandbox. */
const sandboxReady = (pod: Pod, observed: ObservedPod): boolean =>
  needsSandbox(pod)
    ? observed.sandbox?.state === 'ready'
    : observed.containers.some(({ state }) => state.kind === 'running');
