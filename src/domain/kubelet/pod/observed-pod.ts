import type { ContainerExit, ContainerStatus } from '../../container-runtime/container.ts';
import type { PodSandboxStatus } from '../../container-runtime/pod-sandbox.ts';
import { label } from './pod-identity.ts';

/** What the engine holds of one pod. */
export type ObservedPod = { sandbox?: PodSandboxStatus; containers: readonly ContainerStatus[] };

const attemptOf = (container: ContainerStatus): number => Number(container.labels[label.attempt] ?? 0);

/** The newest of a pod's containers with this name. */
export const latest = (observed: ObservedPod, name: string): ContainerStatus | undefined =>
  observed.containers
    .filter((c) => c.labels[label.container] === name)
    .toSorted((a, b) => attemptOf(b) - attemptOf(a))[0];

/** It runs, or the engine will start it again. */
export const isAlive = ({ state }: ContainerStatus): boolean => state.kind !== 'exited' && state.kind !== 'created';

/** Restarts by making it anew and by the engine's policy. */
export const restartsOf = (container: ContainerStatus): number => attemptOf(container) + container.restartCount;

/** The attempt that the next one made anew will have, so that the count never goes back. */
export const nextAttempt = (container: ContainerStatus | undefined): number =>
  container === undefined ? 0 : restartsOf(container) + 1;

/** Names one run of a container, from its start to its end; undefined while it does not run. */
export const runOf = ({ id, state }: ContainerStatus): string | undefined =>
  state.kind === 'running' || state.kind === 'paused' ? `${id}/${state.startedAt.toISOString()}` : undefined;

/** How long the run took that ended so, in milliseconds; one that never began has taken none. */
export const ranFor = ({ startedAt, finishedAt }: ContainerExit): number =>
  startedAt && finishedAt ? Math.max(0, finishedAt.getTime() - startedAt.getTime()) : 0;
