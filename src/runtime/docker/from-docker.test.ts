import type { ContainerInspectInfo } from 'dockerode';
import { expect, test } from 'vitest';
import { containerStatus, sandboxStatus } from './from-docker.ts';

const never = '0001-01-01T00:00:00Z';
const started = '2026-11-21T19:53:03.507233892Z';
const finished = '2026-11-21T19:54:00Z';

/** What Docker tells about a container, as far as it matters here. */
const inspected = (state: object, others: object = {}): ContainerInspectInfo =>
  ({
    Id: 'a'.repeat(64),
    Name: '/plc',
    Created: started,
    Image: 'sha256:0',
    RestartCount: 0,
    State: {
      Status: 'running',
      Running: true,
      ExitCode: 0,
      OOMKilled: false,
      Error: '',
      StartedAt: started,
      FinishedAt: never,
      ...state,
    },
    Config: {
      Image: 'plc:1',
      Env: null,
      Cmd: null,
      Labels: null,
      Hostname: 'h',
      User: '',
      WorkingDir: '',
      Tty: false,
      OpenStdin: false,
    },
    HostConfig: { NetworkMode: 'default' },
    Mounts: [],
    NetworkSettings: { Ports: null, Networks: {} },
    ...others,
  }) as unknown as ContainerInspectInfo;

test('a container that could not be started has ended, in the words of the engine', () => {
  const state = { Status: 'created', Running: false, ExitCode: 127, Error: 'no such file', StartedAt: never };
  expect(containerStatus(inspected(state)).state).toEqual({
    kind: 'exited',
    exit: { code: 127, oomKilled: false, error: 'no such file' },
  });
});

test('a container that waits for its restart tells its last exit', () => {
  const state = { Status: 'restarting', ExitCode: 3, FinishedAt: finished };
  expect(containerStatus(inspected(state)).state).toEqual({
    kind: 'restarting',
    exit: { code: 3, oomKilled: false, error: '', startedAt: new Date(started), finishedAt: new Date(finished) },
  });
});

test.each(['removing', 'dead'])('a container that is %s has ended', (Status) => {
  expect(containerStatus(inspected({ Status, Running: false })).state.kind).toBe('exited');
});

test('what Docker leaves out or writes as null is nothing', () => {
  expect(containerStatus(inspected({}))).toMatchObject({
    labels: {},
    addresses: [],
    isSandbox: false,
    config: { command: [], args: [], env: {}, ports: [], mounts: [], resources: {}, restart: 'no' },
  });
});

test('a port that Docker chose is told as chosen, once for both families of addresses', () => {
  const Ports = {
    '80/tcp': [
      { HostIp: '0.0.0.0', HostPort: '49153' },
      { HostIp: '::', HostPort: '49153' },
    ],
    '81/tcp': null,
  };
  const HostConfig = { NetworkMode: 'default', PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '' }] } };
  const { config } = containerStatus(inspected({}, { HostConfig, NetworkSettings: { Ports, Networks: {} } }));
  expect(config.ports).toEqual([{ containerPort: 80, hostPort: 49153, protocol: 'tcp' }]);
});

test.each([
  ['--cpus', { NanoCpus: 1_500_000_000 }, 1500],
  ['--cpu-quota', { CpuQuota: 25_000, CpuPeriod: 100_000 }, 250],
  ['--cpu-quota with the default period', { CpuQuota: 50_000, CpuPeriod: 0 }, 500],
])('%s is a limit in thousandths of a core', (_, limits, cpuMillis) => {
  expect(containerStatus(inspected({}, { HostConfig: limits })).config.resources).toEqual({ cpuMillis });
});

test("a pause container is a sandbox, ready until the engine itself restarted it; its labels are the caller's", () => {
  const Config = { Labels: { 'k2d.io/sandbox': 'true', 'k2d.io/sandbox-shared-pid': 'true', app: 'plc' } };
  expect(sandboxStatus(inspected({}, { Config }))).toMatchObject({
    name: 'plc',
    state: 'ready',
    labels: { app: 'plc' },
  });
  expect(sandboxStatus(inspected({}, { Config, RestartCount: 1 }))?.state).toBe('notready');
  expect(sandboxStatus(inspected({ Running: false }, { Config }))?.state).toBe('notready');
  expect(sandboxStatus(inspected({}))).toBeUndefined();
});
