import type { ContainerStatus } from '../../container-runtime/container.ts';
import type { Container, Pod } from '../../meta/types.ts';
import { restartsAfter } from '../container-spec/restart-policy.ts';
import type { GivenResources } from '../container-spec/given-resources.ts';
import { resizePlan, type ResizePlan } from '../container-spec/resize-plan.ts';
import { podContainers, type ContainerKind, type PodContainer } from './container-kinds.ts';
import { isAlive, latest, nextAttempt, restartsOf, type ObservedPod } from './observed-pod.ts';
import { label, needsSandbox, specHash } from './pod-identity.ts';
import { hasEnded, podVerdict } from './pod-verdict.ts';
import { wasStoppedByHand, type EngineHabits } from './stopped-by-hand.ts';
import { toldStatus } from '../status/told-status.ts';

export type PodAction =
  | { do: 'runSandbox' }
  /** Its namespaces are dead: everything in it is made anew. */
  | { do: 'removeSandbox'; id: string }
  /** Made anew: when there is none, or when the image changed. `replaces` is removed once the image is present. */
  | { do: 'createContainer'; container: Container; kind: ContainerKind; attempt: number; replaces?: string }
  | { do: 'startContainer'; container: Container; id: string }
  /** It crashes again and again, and this engine knows no pause between restarts: stop it until its time comes. */
  | { do: 'holdContainer'; container: Container; id: string }
  /** Its limits are to be others while it runs. */
  | { do: 'resizeContainer'; container: Container; id: string }
  /** Nothing of it is to run any more; its containers stay for those who ask how they ended. */
  | { do: 'endPod' };

export type PodPlan = {
  actions: PodAction[];
  /** Look again then, in milliseconds since 1970. */
  wakeAt?: number;
};

export type PlanContext = EngineHabits & {
  now: number;
  /** Until when a container waits for its next start; undefined: it may start. */
  readonly heldUntil: (container: string) => number | undefined;
  /** Its startup probe, if any, and its hook have ended well. Asked of containers that run. */
  readonly isStarted: (container: string) => boolean;
  /** The resources that a container was given last; undefined when nobody knows. */
  readonly givenTo: (found: ContainerStatus) => GivenResources | undefined;
  /** The pod is to end for a reason of its own, such as its deadline. */
  mustEnd: boolean;
};

/**
 * What to do now so that the engine comes nearer to the pod's spec: a value, computed without asking anybody
 * (kubernetes pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodActions).
 */
export function computePodActions(pod: Pod, observed: ObservedPod, context: PlanContext): PodPlan {
  if (hasEnded(pod) || context.mustEnd || podVerdict(pod, observed)) return { actions: endActions(observed) };
  const sandbox = sandboxActions(pod, observed);
  if (sandbox.length > 0) return { actions: sandbox };
  const init = initPlans(pod, observed, context);
  const others = init.done ? [...mainPlans(pod, observed, context), ...ephemeralPlans(pod, observed, context)] : [];
  return merged([...init.plans, ...others]);
}

const endActions = ({ containers, sandbox }: ObservedPod): PodAction[] =>
  containers.some(isAlive) || sandbox?.state === 'ready' ? [{ do: 'endPod' }] : [];

function sandboxActions(pod: Pod, { sandbox }: ObservedPod): PodAction[] {
  if (!needsSandbox(pod)) return [];
  if (sandbox === undefined) return [{ do: 'runSandbox' }];
  return sandbox.state === 'ready' ? [] : [{ do: 'removeSandbox', id: sandbox.id }, { do: 'runSandbox' }];
}

const ofKind = (pod: Pod, ...kinds: ContainerKind[]): PodContainer[] =>
  podContainers(pod).filter(({ kind }) => kinds.includes(kind));

/**
 * One after the other: each init container to its success, each sidecar until it has started, and it is looked after from then on.
 * Once a main container exists the init containers are behind us.
 */
function initPlans(pod: Pod, observed: ObservedPod, context: PlanContext): { plans: PodPlan[]; done: boolean } {
  const initialized = pod.spec!.containers.some((c) => latest(observed, c.name) !== undefined);
  const plans: PodPlan[] = [];
  for (const { container, kind } of ofKind(pod, 'init', 'sidecar')) {
    const found = latest(observed, container.name);
    if (kind === 'init' && (initialized || hasSucceeded(found))) continue;
    plans.push(planOne(pod, container, found, kind, context));
    const started = found?.state.kind === 'running' && context.isStarted(container.name);
    if (!initialized && !(kind === 'sidecar' && started)) return { plans, done: false };
  }
  return { plans, done: true };
}

const hasSucceeded = (found: ContainerStatus | undefined): boolean =>
  found?.state.kind === 'exited' && found.state.exit.code === 0 && found.state.exit.error === '';

const mainPlans = (pod: Pod, observed: ObservedPod, context: PlanContext): PodPlan[] =>
  ofKind(pod, 'main').map(({ container }) =>
    planOne(pod, container, latest(observed, container.name), 'main', context),
  );

/** Made once, in a pod that runs; how one ended is told by its status, so it is not made again when somebody removed it. */
const ephemeralPlans = (pod: Pod, observed: ObservedPod, context: PlanContext): PodPlan[] =>
  ofKind(pod, 'ephemeral')
    .filter(
      ({ container }) =>
        !pod.status?.ephemeralContainerStatuses?.some((s) => s.name === container.name && s.containerID),
    )
    .filter(() => observed.containers.some(({ state }) => state.kind === 'running'))
    .map(({ container }) => planOne(pod, container, latest(observed, container.name), 'ephemeral', context));

function merged(plans: readonly PodPlan[]): PodPlan {
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
  kind: ContainerKind,
  context: PlanContext,
): PodPlan {
  const wakeAt = context.heldUntil(container.name);
  const wait: PodPlan = wakeAt === undefined ? { actions: [] } : { actions: [], wakeAt };
  const create: PodAction = { do: 'createContainer', container, kind, attempt: nextAttempt(found) };
  if (!found) return wakeAt === undefined ? { actions: [create] } : wait;
  if (kind !== 'ephemeral' && found.labels[label.specHash] !== specHash(container)) {
    return { actions: [{ ...create, replaces: found.id }] };
  }
  const start: PodPlan = { actions: [{ do: 'startContainer', container, id: found.id }] };
  switch (found.state.kind) {
    case 'created':
      return wakeAt === undefined ? start : wait;
    case 'running':
    case 'restarting': {
      const resize = kind === 'ephemeral' ? 'none' : resizeOf(container, context.givenTo(found));
      if (resize === 'restart') return { actions: [{ ...create, replaces: found.id }] };
      if (resize === 'inPlace') return { actions: [{ do: 'resizeContainer', container, id: found.id }] };
      if (wakeAt === undefined || context.engineBacksOff) return { actions: [] };
      if (found.state.kind === 'running' && mayRun(pod, found, container, context)) return { actions: [] };
      return { actions: [{ do: 'holdContainer', container, id: found.id }], wakeAt };
    }
    case 'paused':
      return { actions: [] };
    case 'exited':
      if (!restartsAfter(pod, kind, found.state.exit.code)) return { actions: [] };
      if (wasStoppedByHand(pod, kind, found, context)) return { actions: [] };
      return wakeAt === undefined ? start : wait;
  }
}

/** What a call started is no crash loop yet: somebody wants it so. A run that was told counts, so it is not taken back. */
const mayRun = (pod: Pod, found: ContainerStatus, { name }: Container, { restartedByEngine }: PlanContext): boolean =>
  !restartedByEngine(name) || (toldStatus(pod, name)?.restartCount ?? -1) >= restartsOf(found);

const resizeOf = (container: Container, given: GivenResources | undefined): ResizePlan =>
  given === undefined ? 'none' : resizePlan(container, given);
