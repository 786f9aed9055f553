import type { ContainerExit, ContainerState, ObservedConfig } from '../../domain/container-runtime/container.ts';
import type { LibpodContainer } from './libpod-answers.ts';

/** podman libpod/define/containerstate.go. `stopped` is over as well, but its cleanup is still to come. */
const kindByState: Readonly<Record<string, ContainerState['kind']>> = {
  unknown: 'created',
  configured: 'created',
  created: 'created',
  initialized: 'created',
  running: 'running',
  stopping: 'running',
  paused: 'paused',
  stopped: 'exited',
  exited: 'exited',
  removing: 'exited',
};

export const stateKind = (state: string): ContainerState['kind'] => kindByState[state] ?? 'created';

/** Podman restarts a container as the last step of its cleanup, which takes some tenths of a second; one that was itself killed never will. */
const cleanupMs = 10_000;

export function containerState(inspected: LibpodContainer, now: Date): ContainerState {
  const { State: state } = inspected;
  const kind = isRestarting(inspected, now) ? 'restarting' : stateKind(state.Status);
  switch (kind) {
    case 'running':
    case 'paused':
      return {
        kind,
        startedAt: new Date(state.StartedAt),
        // Podman goes on to tell it.
        ...(isTime(state.FinishedAt) && { previousEnd: new Date(state.FinishedAt) }),
      };
    case 'restarting':
    case 'exited':
      return { kind, exit: containerExit(state) };
    case 'created':
      return { kind };
  }
}

function isRestarting({ State: state, HostConfig: hostConfig }: LibpodContainer, now: Date): boolean {
  if (state.Status !== 'stopped' || state.StoppedByUser) return false;
  const policy = restartPolicy(hostConfig.RestartPolicy?.Name);
  const applies = policy === 'always' || (policy === 'on-failure' && state.ExitCode !== 0);
  return applies && now.getTime() - new Date(state.FinishedAt).getTime() < cleanupMs;
}

const containerExit = (state: LibpodContainer['State']): ContainerExit => ({
  code: state.ExitCode,
  oomKilled: state.OOMKilled ?? false,
  error: state.Error ?? '',
  ...(isTime(state.StartedAt) && { startedAt: new Date(state.StartedAt) }),
  ...(isTime(state.FinishedAt) && { finishedAt: new Date(state.FinishedAt) }),
});

/** Go's zero time stands for none. */
const isTime = (time: string): boolean => !time.startsWith('0001-');

export const restartPolicy = (name = ''): ObservedConfig['restart'] =>
  name === 'on-failure' ? name : name === 'always' || name === 'unless-stopped' ? 'always' : 'no';
