import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { ContainerSpec } from '../../domain/container-runtime/container.ts';
import type { PodSandboxSpec } from '../../domain/container-runtime/pod-sandbox.ts';
import { noHostNamespaces } from './host-namespaces.ts';
import { containerToLibpod, podToLibpod } from './to-libpod.ts';

/** One pod for every engine; what each is told for it is kept beside. */
const golden = new URL('../../../test/golden/', import.meta.url);
const intent = JSON.parse(readFileSync(new URL('intent.json', golden), 'utf8')) as {
  pod: PodSandboxSpec;
  container: Omit<ContainerSpec, 'sandbox'>;
};
const { pod } = intent;
const container: ContainerSpec = { ...intent.container, sandbox: { kind: 'own', spec: pod } };
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
const member: ContainerSpec = { ...intent.container, sandbox: { kind: 'member', id: 'f'.repeat(64) } };

test.each([
  ['container', containerToLibpod(container, noHostNamespaces)],
  ['member', containerToLibpod(member, noHostNamespaces)],
  ['confined', containerToLibpod(confined, noHostNamespaces)],
  ['pod', podToLibpod({ ...pod, shareProcessNamespace: true })],
])('what Podman is told for a %s', async (name, body) => {
  await expect(`${JSON.stringify(body, null, 2)}\n`).toMatchFileSnapshot(
    fileURLToPath(new URL(`podman/${name}.json`, golden)),
  );
});

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
    const { command: _command, args: _args, ...image } = container;
    const { entrypoint, command } = containerToLibpod({ ...image, ...wanted }, noHostNamespaces);
    expect({ entrypoint, command }).toEqual({ entrypoint: undefined, command: undefined, ...started });
  });

  test('a share of a processor too small for the kernel is the smallest there is', () => {
    const body = containerToLibpod({ ...container, resources: { cpuMillis: 5 } }, noHostNamespaces);
    expect(body.resource_limits).toEqual({ cpu: { quota: 1000, period: 100_000 } });
  });

  test('as a member it has only what its pod takes from the host', () => {
    const body = containerToLibpod(member, { hostPid: true, hostIpc: false });
    expect(body).toMatchObject({ pod: 'f'.repeat(64), pidns: { nsmode: 'host' } });
    for (const key of ['netns', 'networks', 'hostname', 'portmappings', 'sysctl', 'ipcns']) {
      expect(body).not.toHaveProperty(key);
    }
  });
});

describe('podToLibpod', () => {
  test.each([
    [{}, ['net', 'uts', 'ipc']],
    [{ shareProcessNamespace: true }, ['net', 'uts', 'ipc', 'pid']],
    [{ hostPid: true, hostIpc: true }, ['net', 'uts']],
  ])('%o shares %o', (wanted, shared) => {
    expect(podToLibpod({ ...pod, ...wanted }).shared_namespaces).toEqual(shared);
  });

  test('remembers what its members take from the host', () => {
    expect(podToLibpod({ ...pod, hostPid: true }).labels).toEqual({ ...pod.labels, 'k2d.io/host-pid': 'true' });
  });
});
