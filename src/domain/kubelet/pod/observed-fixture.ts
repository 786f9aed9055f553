import type { ContainerState, ContainerStatus } from '../../container-runtime/container.ts';
import { label, specHash } from './pod-identity.ts';

/** For tests: a container of one pod as an engine shows it. */
export const observedContainer = (
  name: string,
  state: ContainerState,
  more: Partial<ContainerStatus> = {},
  image = 'busybox:1',
): ContainerStatus => ({
  id: `id-${name}`,
  name,
  labels: { [label.container]: name, [label.attempt]: '0', [label.specHash]: specHash({ name, image }) },
  image,
  imageId: 'sha256:1',
  createdAt: new Date(0),
  state,
  restartCount: 0,
  isSandbox: false,
  addresses: [],
  hostNetwork: false,
  config: {
    command: [],
    args: [],
    env: {},
    workingDir: '',
    user: '',
    hostname: '',
    tty: false,
    stdin: false,
    privileged: false,
    capAdd: [],
    capDrop: [],
    readOnlyRootfs: false,
    hostPid: false,
    hostIpc: false,
    devices: [],
    restart: 'always',
    ports: [],
    mounts: [],
    resources: {},
  },
  ...more,
});

export const running: ContainerState = { kind: 'running', startedAt: new Date(0) };

/** Ended after so many seconds. */
export const exited = (code: number, seconds = 60, error = ''): ContainerState => ({
  kind: 'exited',
  exit: {
    code,
    oomKilled: false,
    error,
    startedAt: new Date(1_000_000),
    finishedAt: new Date(1_000_000 + seconds * 1000),
  },
});
