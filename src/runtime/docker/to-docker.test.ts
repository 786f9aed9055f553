import type { JoinedSandbox } from './pod-namespaces.ts';
import { expect, test } from 'vitest';
import type { ContainerSpec } from '../../domain/container-runtime/container.ts';
import type { PodSandboxSpec } from '../../domain/container-runtime/pod-sandbox.ts';
import { containerBody, pauseBody } from './to-docker.ts';

const pod: PodSandboxSpec = {
  name: 'plc',
  labels: { app: 'plc' },
  hostname: 'plc-0',
  network: { mode: 'network', network: 'k2d', ip: '10.42.0.7' },
  dns: { servers: ['10.43.0.10'], searches: ['default.svc.cluster.local'], options: ['ndots:5'] },
  ports: [
    { containerPort: 502, hostPort: 1502, protocol: 'tcp' },
    { containerPort: 502, hostPort: 502, hostIp: '192.168.1.2', protocol: 'tcp' },
    { containerPort: 47808, hostPort: 47808, protocol: 'udp' },
  ],
  sysctls: { 'net.ipv4.ip_unprivileged_port_start': '0' },
  shareProcessNamespace: false,
  hostPid: false,
  hostIpc: false,
};

const container: ContainerSpec = {
  name: 'plc',
  image: 'docker.io/library/plc:1',
  command: ['/plc'],
  args: ['--cycle', '10ms'],
  env: { MODE: 'run', EMPTY: '', EQUALS: 'a=b' },
  workingDir: '/work',
  user: '1000:1000',
  supplementalGroups: [20],
  labels: { app: 'plc' },
  mounts: [
    { kind: 'bind', source: '/etc/plc', target: '/config', readOnly: true, propagation: 'private' },
    { kind: 'bind', source: '/media', target: '/media', readOnly: false, propagation: 'rslave' },
    { kind: 'volume', volume: 'plc-data', target: '/data', readOnly: false },
    { kind: 'tmpfs', target: '/scratch', sizeBytes: 1048576 },
    { kind: 'tmpfs', target: '/unbounded' },
  ],
  devices: [{ hostPath: '/dev/ttyS0', containerPath: '/dev/ttyPlc', permissions: 'rw' }],
  resources: { memoryBytes: 33554432, cpuShares: 256, cpuMillis: 250, oomScoreAdj: 500 },
  security: { privileged: false, capAdd: ['SYS_NICE'], capDrop: ['ALL'], readOnlyRootfs: true, noNewPrivileges: true },
  restart: 'always',
  stopSignal: 'SIGINT',
  stopTimeoutSeconds: 30,
  tty: false,
  stdin: true,
  stdinOnce: true,
  sandbox: { kind: 'own', spec: pod },
};

/** What few containers ask for. */
const confined: ContainerSpec = {
  ...container,
  cpuset: '2-3',
  limits: [
    { name: 'rtprio', value: 50 },
    { name: 'memlock', value: Infinity },
  ],
  security: {
    ...container.security,
    seccomp: { kind: 'file', path: '/var/lib/k2d/seccomp/plc.json', profile: '{"defaultAction":"SCMP_ACT_ALLOW"}' },
    appArmor: 'plc',
    seLinux: { type: 'plc_t', level: 's0:c1' },
    unmaskedProc: true,
  },
};

const joined: JoinedSandbox = { id: 'f'.repeat(64), pidMode: '', ipcMode: 'shareable' };

test.each([
  ['container', containerBody(container, undefined)],
  ['member', containerBody({ ...container, sandbox: { kind: 'member', id: joined.id } }, joined)],
  ['confined', containerBody(confined, undefined)],
  ['pause', pauseBody({ ...pod, shareProcessNamespace: true }, 'localhost/k2d:1')],
])('what Docker is told for a %s', async (name, body) => {
  const told = `${JSON.stringify(body, null, 2)}\n`;
  await expect(told).toMatchFileSnapshot(`../../../test/golden/docker/${name}.json`);
});

test('without a command the image keeps its entrypoint, without arguments its arguments', () => {
  const { command: _command, args: _args, ...image } = container;
  expect(containerBody(image, undefined)).not.toHaveProperty('Entrypoint');
  expect(containerBody(image, undefined)).not.toHaveProperty('Cmd');
  expect(containerBody({ ...image, args: ['x'] }, undefined)).toMatchObject({ Cmd: ['x'] });
  expect(containerBody({ ...image, command: [], args: [] }, undefined)).not.toHaveProperty('Entrypoint');
});

test('a member joins the process ids that its sandbox shares, and what its sandbox has from the host', () => {
  const member: ContainerSpec = { ...container, sandbox: { kind: 'member', id: joined.id } };
  const modes = (sandbox: typeof joined) => containerBody(member, sandbox).HostConfig;
  expect(modes({ ...joined, processesOf: joined.id })).toMatchObject({ PidMode: `container:${joined.id}` });
  expect(modes({ ...joined, pidMode: 'host', ipcMode: 'host' })).toMatchObject({ PidMode: 'host', IpcMode: 'host' });
});
