import { describe, expect, test } from 'vitest';
import type { ContainerSpec } from '../../domain/container-runtime/container.ts';
import type { PodSandboxSpec } from '../../domain/container-runtime/pod-sandbox.ts';
import { noHostNamespaces } from './host-namespaces.ts';
import { containerToLibpod, podToLibpod } from './to-libpod.ts';

const sandbox: PodSandboxSpec = {
  name: 'web',
  labels: { app: 'web' },
  hostname: 'web-0',
  network: { mode: 'network', network: 'k2d', ip: '10.42.0.7' },
  ports: [],
  sysctls: {},
  shareProcessNamespace: false,
  hostPid: false,
  hostIpc: false,
};

const container: ContainerSpec = {
  name: 'web',
  image: 'docker.io/library/nginx:1',
  env: {},
  supplementalGroups: [],
  labels: {},
  mounts: [],
  devices: [],
  resources: {},
  security: { privileged: false, capAdd: [], capDrop: [], readOnlyRootfs: false, noNewPrivileges: false },
  restart: 'always',
  stopTimeoutSeconds: 30,
  tty: false,
  stdin: false,
  stdinOnce: false,
  sandbox: { kind: 'own', spec: sandbox },
};

describe('containerToLibpod', () => {
  test.each([
    [{}, {}],
    [{ command: ['a'] }, { entrypoint: ['a'] }],
    [{ args: ['b'] }, { command: ['b'] }],
    [
      { command: ['a'], args: ['b'] },
      { entrypoint: ['a'], command: ['b'] },
    ],
    [{ command: [], args: [] }, {}],
  ])('%o starts %o', (wanted, started) => {
    const { entrypoint, command } = containerToLibpod({ ...container, ...wanted }, noHostNamespaces);
    expect({ entrypoint, command }).toEqual({ entrypoint: undefined, command: undefined, ...started });
  });

  test('a log is bounded', () => {
    expect(containerToLibpod(container, noHostNamespaces).log_configuration).toEqual({
      driver: 'k8s-file',
      size: 10_485_760,
    });
  });

  test('a limit of memory leaves no swap; a processor is shared in periods of 100 ms', () => {
    const resources = { memoryBytes: 1 << 20, cpuMillis: 5, cpuShares: 2 };
    expect(containerToLibpod({ ...container, resources }, noHostNamespaces).resource_limits).toEqual({
      memory: { limit: 1 << 20, swap: 1 << 20 },
      cpu: { shares: 2, quota: 1000, period: 100_000 },
    });
  });

  test('alone it is its own sandbox', () => {
    expect(containerToLibpod(container, noHostNamespaces)).toMatchObject({
      hostname: 'web-0',
      netns: { nsmode: 'bridge' },
      networks: { k2d: { static_ips: ['10.42.0.7'] } },
    });
  });

  test('as a member it has only what its pod takes from the host', () => {
    const member = { ...container, sandbox: { kind: 'member', id: 'p1' } } as const;
    const body = containerToLibpod(member, { hostPid: true, hostIpc: false });
    expect(body).toMatchObject({ pod: 'p1', pidns: { nsmode: 'host' } });
    for (const key of ['netns', 'networks', 'hostname', 'portmappings', 'sysctl', 'ipcns']) {
      expect(body).not.toHaveProperty(key);
    }
  });

  test('mounts are split as libpod wants them', () => {
    const { mounts, volumes } = containerToLibpod(
      {
        ...container,
        mounts: [
          { kind: 'bind', source: '/a', target: '/b', readOnly: true, propagation: 'rslave' },
          { kind: 'volume', volume: 'v', target: '/c', readOnly: false },
          { kind: 'tmpfs', target: '/t', sizeBytes: 4096 },
        ],
      },
      noHostNamespaces,
    );
    expect(volumes).toEqual([{ Name: 'v', Dest: '/c', Options: ['nocopy', 'rw'] }]);
    expect(mounts).toEqual([
      { type: 'bind', source: '/a', destination: '/b', options: ['rbind', 'ro', 'rslave'] },
      { type: 'tmpfs', source: 'tmpfs', destination: '/t', options: ['notmpcopyup', 'mode=1777', 'size=4096'] },
    ]);
  });
});

describe('podToLibpod', () => {
  test.each([
    [{}, ['net', 'uts', 'ipc']],
    [{ shareProcessNamespace: true }, ['net', 'uts', 'ipc', 'pid']],
    [{ hostPid: true, hostIpc: true }, ['net', 'uts']],
  ])('%o shares %o', (wanted, shared) => {
    expect(podToLibpod({ ...sandbox, ...wanted }).shared_namespaces).toEqual(shared);
  });

  test('remembers what its members take from the host', () => {
    expect(podToLibpod({ ...sandbox, hostPid: true }).labels).toEqual({ app: 'web', 'k2d.io/host-pid': 'true' });
  });
});
