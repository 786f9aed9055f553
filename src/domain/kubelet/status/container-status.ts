import type { ContainerExit, ContainerStatus as Observed } from '../../container-runtime/container.ts';
import { toTime } from '../../meta/clock.ts';
import type { Container, ContainerStatus, Pod } from '../../meta/types.ts';
import { restartsAfter } from '../container-spec/restart-policy.ts';
import type { ContainerKind } from '../pod/container-kinds.ts';
import { wasStoppedByHand } from '../pod/stopped-by-hand.ts';
import { latest, restartsOf, type ObservedPod } from '../pod/observed-pod.ts';
import { label } from '../pod/pod-identity.ts';
import type { ContainerStatusContext } from './status-context.ts';
import { containerFacts } from './container-facts.ts';
import type { WaitingReason } from './waiting-reason.ts';

/** One line of containerStatuses; `waitingFor` is the reason of one that nobody has tried to make yet. */
export function containerStatus(
  pod: Pod,
  container: Container,
  kind: ContainerKind,
  observed: ObservedPod,
  context: ContainerStatusContext,
  waitingFor: string,
): ContainerStatus {
  const found = latest(observed, container.name);
  const state = stateOf(pod, container, kind, found, context, waitingFor);
  const running = state.running !== undefined;
  const lastExit = context.lastExits.get(container.name);
  const previous = found && lastExit && !state.terminated ? { terminated: terminated(found, lastExit, context) } : {};
  const succeeded = kind === 'init' && state.terminated?.exitCode === 0;
  const counts = kind === 'main' || kind === 'sidecar';
  const started = running && context.probes.started(container.name);
  return {
    name: container.name,
    image: container.image ?? '',
    imageID: found ? context.imageRef(found) : '',
    ...(found ? { containerID: `${context.engine}://${found.id}` } : {}),
    ready: succeeded || (started && found?.state.kind !== 'paused' && counts && context.probes.ready(container.name)),
    started,
    restartCount: found ? restartsOf(found) : 0,
    state,
    lastState: previous,
    ...(found ? containerFacts(container, found, context.givenTo(found) ?? container.resources ?? {}) : {}),
  };
}

type State = NonNullable<ContainerStatus['state']>;

function stateOf(
  pod: Pod,
  container: Container,
  kind: ContainerKind,
  found: Observed | undefined,
  context: ContainerStatusContext,
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
      const restarts = restartsAfter(pod, kind, found.state.exit.code) && !context.ends;
      const stopped = restarts && wasStoppedByHand(pod, kind, found, context);
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

function terminated(
  found: Observed,
  exit: ContainerExit,
  context: ContainerStatusContext,
): NonNullable<State['terminated']> {
  const message = exit.error || (context.lastWords(found.labels[label.container] ?? '', exit) ?? '');
  return {
    exitCode: exit.code,
    reason: exitReason(found, exit, context),
    ...(message === '' ? {} : { message }),
    ...(exit.startedAt ? { startedAt: toTime(exit.startedAt) } : {}),
    ...(exit.finishedAt ? { finishedAt: toTime(exit.finishedAt) } : {}),
    containerID: `${context.engine}://${found.id}`,
  };
}

function exitReason(found: Observed, exit: ContainerExit, { reportsOomKilled }: ContainerStatusContext): string {
  if (exit.error !== '') return 'ContainerCannotRun';
  if (exit.oomKilled || (!reportsOomKilled && looksOomKilled(found, exit))) return 'OOMKilled';
  return exit.code === 0 ? 'Completed' : 'Error';
}

/** SIGKILL in a container with a memory limit: Podman 4 tells no more, for conmon 2.1.6 writes its mark in the wrong folder. */
const looksOomKilled = ({ config }: Observed, { code }: ContainerExit): boolean =>
  code === 137 && config.resources.memoryBytes !== undefined;
