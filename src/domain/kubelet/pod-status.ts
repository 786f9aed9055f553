import type { ContainerExit, ContainerStatus as Observed } from '../container-runtime/container.ts';
import { toTime } from '../meta/clock.ts';
import type { Container, ContainerStatus, Pod, PodCondition, PodStatus } from '../meta/types.ts';
import { restartsAfter, wasStoppedByHand, type PlanContext } from './compute-pod-actions.ts';
import { latest, restartsOf, type ObservedPod } from './observed-pod.ts';
import { needsSandbox } from './pod-identity.ts';

/** Why a container does not run yet: ContainerCreating, ErrImagePull, CreateContainerConfigError … */
export type WaitingReason = { reason: string; message?: string };

export type StatusContext = Pick<PlanContext, 'isHeld' | 'engineBacksOff'> & {
  /** The engine says when a container was killed for memory; else it is concluded from the way it ended. */
  reportsOomKilled: boolean;
  now: Date;
  engine: string;
  hostIp: string;
  podIp?: string;
  waiting: ReadonlyMap<string, WaitingReason>;
  /** How the run before the present one ended, as far as the kubelet saw it. */
  lastExits: ReadonlyMap<string, ContainerExit>;
  /** What the probes say; a container without probes is ready and started while it runs. */
  probes: { ready(container: string): boolean; started(container: string): boolean };
  /** The pod ended for a reason of its own, such as its deadline. */
  failure?: { reason: string; message: string };
};

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

function containerStatus(
  pod: Pod,
  container: Container,
  isInit: boolean,
  observed: ObservedPod,
  context: StatusContext,
  waitingFor: string,
): ContainerStatus {
  const found = latest(observed, container.name);
  const state = stateOf(pod, container, isInit, found, context, waitingFor);
  const running = state.running !== undefined;
  const lastExit = context.lastExits.get(container.name);
  const previous = found && lastExit && !state.terminated ? { terminated: terminated(found, lastExit, context) } : {};
  const succeeded = isInit && state.terminated?.exitCode === 0;
  const started = running && context.probes.started(container.name);
  return {
    name: container.name,
    image: container.image ?? '',
    imageID: found?.imageId ?? '',
    ...(found ? { containerID: `${context.engine}://${found.id}` } : {}),
    ready: succeeded || (started && !isInit && context.probes.ready(container.name)),
    started,
    restartCount: found ? restartsOf(found) : 0,
    state,
    lastState: previous,
  };
}

type State = NonNullable<ContainerStatus['state']>;

function stateOf(
  pod: Pod,
  container: Container,
  isInit: boolean,
  found: Observed | undefined,
  context: StatusContext,
  waitingFor: string,
): State {
  const waiting: State = { waiting: { ...(context.waiting.get(container.name) ?? { reason: waitingFor }) } };
  if (!found) return waiting;
  switch (found.state.kind) {
    case 'created':
      return waiting;
    case 'running':
    case 'paused':
      return { running: { startedAt: toTime(found.state.startedAt) } };
    case 'restarting':
      return { waiting: context.waiting.get(container.name) ?? crashLoop(pod, container) };
    case 'exited': {
      const restarts =
        restartsAfter(pod, isInit, found.state.exit.code) && pod.metadata?.deletionTimestamp === undefined;
      const stopped = restarts && wasStoppedByHand(pod, found, context);
      if (restarts && !stopped) return { waiting: context.waiting.get(container.name) ?? crashLoop(pod, container) };
      return { terminated: { ...terminated(found, found.state.exit, context), ...(stopped ? stoppedByHand : {}) } };
    }
  }
}

const crashLoop = (pod: Pod, container: Container): WaitingReason => ({
  reason: 'CrashLoopBackOff',
  message: `back-off restarting failed container=${container.name} pod=${pod.metadata?.name}_${pod.metadata?.namespace}(${pod.metadata?.uid})`,
});

const stoppedByHand = {
  reason: 'Stopped',
  message: 'stopped on the engine, not by k2d; start it there, or delete the pod',
};

function terminated(found: Observed, exit: ContainerExit, context: StatusContext): NonNullable<State['terminated']> {
  return {
    exitCode: exit.code,
    reason: exitReason(found, exit, context),
    ...(exit.error === '' ? {} : { message: exit.error }),
    ...(exit.startedAt ? { startedAt: toTime(exit.startedAt) } : {}),
    ...(exit.finishedAt ? { finishedAt: toTime(exit.finishedAt) } : {}),
    containerID: `${context.engine}://${found.id}`,
  };
}

function exitReason(found: Observed, exit: ContainerExit, { reportsOomKilled }: StatusContext): string {
  if (exit.error !== '') return 'ContainerCannotRun';
  if (exit.oomKilled || (!reportsOomKilled && looksOomKilled(found, exit))) return 'OOMKilled';
  return exit.code === 0 ? 'Completed' : 'Error';
}

/** SIGKILL in a container with a memory limit: Podman 4 tells no more, for conmon 2.1.6 writes its mark in the wrong folder. */
const looksOomKilled = ({ config }: Observed, { code }: ContainerExit): boolean =>
  code === 137 && config.resources.memoryBytes !== undefined;

/** kubernetes pkg/kubelet/kubelet_pods.go getPhase. A container that waits after a run counts as stopped. */
function phaseOf(
  pod: Pod,
  init: readonly ContainerStatus[],
  main: readonly ContainerStatus[],
  initialized: boolean,
): NonNullable<PodStatus['phase']> {
  const policy = pod.spec?.restartPolicy ?? 'Always';
  const initFailed = init.some((s) => s.state?.terminated && s.state.terminated.exitCode !== 0);
  if (initFailed && policy === 'Never') return 'Failed';
  if (!initialized) return 'Pending';
  const ended = (s: ContainerStatus) => s.state?.terminated ?? (s.state?.waiting ? s.lastState?.terminated : undefined);
  if (main.some((s) => s.state?.waiting && !ended(s))) return 'Pending';
  if (main.some((s) => s.state?.running) || policy === 'Always') return 'Running';
  const codes = main.map((s) => ended(s)?.exitCode);
  if (codes.every((code) => code === 0)) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

function conditionsOf(
  pod: Pod,
  phase: string,
  initialized: boolean,
  main: readonly ContainerStatus[],
  sandboxIsReady: boolean,
  now: Date,
): PodCondition[] {
  const unready = main.filter((s) => !s.ready).map((s) => s.name);
  const ended = phase === 'Succeeded' ? 'PodCompleted' : phase === 'Failed' ? 'PodFailed' : undefined;
  const notReady: Verdict =
    ended === undefined
      ? {
          status: 'False',
          reason: 'ContainersNotReady',
          message: `containers with unready status: [${unready.join(' ')}]`,
        }
      : { status: 'False', reason: ended };
  const ready: Verdict = unready.length === 0 && ended === undefined ? { status: 'True' } : notReady;
  const verdicts: Record<string, Verdict> = {
    PodReadyToStartContainers: { status: sandboxIsReady ? 'True' : 'False' },
    Initialized: initialized
      ? { status: 'True', ...(ended === 'PodCompleted' ? { reason: ended } : {}) }
      : { status: 'False', reason: 'ContainersNotInitialized', message: 'containers with incomplete status' },
    Ready: ready,
    ContainersReady: ready,
    PodScheduled: { status: 'True' },
  };
  const before = pod.status?.conditions ?? [];
  const own = Object.entries(verdicts).map(([type, verdict]) => {
    const old = before.find((c) => c.type === type);
    const kept = old?.status === verdict.status ? old.lastTransitionTime : undefined;
    return {
      type,
      ...verdict,
      lastTransitionTime: kept ?? toTime(now),
      observedGeneration: pod.metadata?.generation ?? 1,
    };
  });
  return [...own, ...before.filter((c) => !Object.hasOwn(verdicts, c.type))];
}

type Verdict = { status: 'True' | 'False'; reason?: string; message?: string };
