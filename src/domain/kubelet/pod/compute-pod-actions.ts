import type { ContainerStatus } from '../../container-runtime/container.ts';
import type { Container, Pod } from '../../meta/types.ts';
import { latest, lastRun, nextAttempt, type ObservedPod } from './observed-pod.ts';
import { label, needsSandbox, specHash } from './pod-identity.ts';

export type PodAction =
  | { do: 'runSandbox' }
  /** Its namespaces are dead: everything in it is made anew. */
  | { do: 'removeSandbox'; id: string }
  /** Made anew: when there is none, or when the image changed. `replaces` is removed once the image is present. */
  | { do: 'createContainer'; container: Container; isInit: boolean; attempt: number; replaces?: string }
  | { do: 'startContainer'; container: Container; id: string }
  /** It crashes again and again, and this engine knows no pause between restarts: stop it until its time comes. */
  | { do: 'holdContainer'; container: Container; id: string }
  | { do: 'stopContainer'; container: Container; id: string; because: 'podEnded' };

export type PodPlan = {
  actions: PodAction[];
  /** Look again then, in milliseconds since 1970. */
  wakeAt?: number;
};

export type PlanContext = {
  /** The engine restarts by its policy with growing pauses. */
  engineBacksOff: boolean;
  now: number;
  /** Until when a container waits for its next start; undefined: it may start. */
  heldUntil(container: string): number | undefined;
  /** True while the kubelet itself holds it, not somebody's hand. */
  isHeld(container: string): boolean;
};

/** A container that ended so soon, and was restarted before, was crashing; nobody's hand stopped it. */
const crashRun = 10_000;

/**
 * What to do now so that the engine comes nearer to the pod's spec: a value, computed without asking anybody
 * (kubernetes pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodActions).
 */
export function computePodActions(pod: Pod, observed: ObservedPod, context: PlanContext): PodPlan {
  if (hasEnded(pod)) return { actions: stopAll(pod, observed) };
  const sandbox = sandboxActions(pod, observed);
  if (sandbox.length > 0) return { actions: sandbox };
  const init = initPlan(pod, observed, context);
  return init === 'done' ? mainPlan(pod, observed, context) : init;
}

export const hasEnded = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

function stopAll(pod: Pod, observed: ObservedPod): PodAction[] {
  return allContainers(pod).flatMap((container): PodAction[] => {
    const found = latest(observed, container.name);
    return found && isAlive(found) ? [{ do: 'stopContainer', container, id: found.id, because: 'podEnded' }] : [];
  });
}

function sandboxActions(pod: Pod, { sandbox }: ObservedPod): PodAction[] {
  if (!needsSandbox(pod)) return [];
  if (sandbox === undefined) return [{ do: 'runSandbox' }];
  return sandbox.state === 'ready' ? [] : [{ do: 'removeSandbox', id: sandbox.id }, { do: 'runSandbox' }];
}

/** Init containers run one after the other, each to its success; once a main container exists they are behind us. */
function initPlan(pod: Pod, observed: ObservedPod, context: PlanContext): PodPlan | 'done' {
  const started = pod.spec!.containers.some((c) => latest(observed, c.name) !== undefined);
  if (started) return 'done';
  for (const container of pod.spec?.initContainers ?? []) {
    const found = latest(observed, container.name);
    if (found?.state.kind === 'exited' && found.state.exit.code === 0) continue;
    return planOne(pod, container, found, true, context);
  }
  return 'done';
}

function mainPlan(pod: Pod, observed: ObservedPod, context: PlanContext): PodPlan {
  const plans = pod.spec!.containers.map((c) => planOne(pod, c, latest(observed, c.name), false, context));
  const wakes = plans.flatMap((plan) => (plan.wakeAt === undefined ? [] : [plan.wakeAt]));
  return {
    actions: plans.flatMap((plan) => plan.actions),
    ...(wakes.length > 0 ? { wakeAt: Math.min(...wakes) } : {}),
  };
}

function planOne(
  pod: Pod,
  container: Container,
  found: ContainerStatus | undefined,
  isInit: boolean,
  context: PlanContext,
): PodPlan {
  const wakeAt = context.heldUntil(container.name);
  const wait: PodPlan = wakeAt === undefined ? { actions: [] } : { actions: [], wakeAt };
  const create: PodAction = { do: 'createContainer', container, isInit, attempt: nextAttempt(found) };
  if (!found) return wakeAt === undefined ? { actions: [create] } : wait;
  if (found.labels[label.specHash] !== specHash(container)) return { actions: [{ ...create, replaces: found.id }] };
  const start: PodPlan = { actions: [{ do: 'startContainer', container, id: found.id }] };
  switch (found.state.kind) {
    case 'created':
      return wakeAt === undefined ? start : wait;
    case 'running':
    case 'restarting':
      if (wakeAt === undefined || context.engineBacksOff) return { actions: [] };
      return { actions: [{ do: 'holdContainer', container, id: found.id }], wakeAt };
    case 'paused':
      return { actions: [] };
    case 'exited':
      if (!restartsAfter(pod, isInit, found.state.exit.code)) return { actions: [] };
      if (wasStoppedByHand(pod, found, context)) return { actions: [] };
      return wakeAt === undefined ? start : wait;
  }
}

/** Never asks for a restart that the pod's policy does not want (kubecontainer.ShouldContainerBeRestarted). */
export function restartsAfter(pod: Pod, isInit: boolean, exitCode: number): boolean {
  const policy = pod.spec?.restartPolicy ?? 'Always';
  if (policy === 'Never') return false;
  return policy === 'Always' && !isInit ? true : exitCode !== 0;
}

/**
 * The engine starts again what ends by itself and leaves alone what was stopped by a call. So a container that stands still although
 * its policy says it should run was stopped by somebody, unless the kubelet holds it, or it was crashing when k2d went away.
 */
export function wasStoppedByHand(
  pod: Pod,
  found: ContainerStatus,
  context: Pick<PlanContext, 'isHeld' | 'engineBacksOff'>,
): boolean {
  if (found.state.kind !== 'exited' || pod.spec?.restartPolicy === 'Never') return false;
  if (found.state.exit.error !== '' || found.state.exit.finishedAt === undefined) return false;
  const name = found.labels[label.container] ?? '';
  if (context.isHeld(name)) return false;
  const run = lastRun(found);
  const wasCrashing = !context.engineBacksOff && found.restartCount > 0 && run !== undefined && run.ranFor < crashRun;
  return !wasCrashing;
}

const isAlive = ({ state }: ContainerStatus): boolean => state.kind !== 'exited' && state.kind !== 'created';

const allContainers = (pod: Pod): Container[] => [...(pod.spec?.initContainers ?? []), ...pod.spec!.containers];
