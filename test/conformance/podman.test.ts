import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { podmanRuntime } from '../../src/runtime/podman/podman-runtime.ts';
import { eventually } from './runtime/eventually.ts';
import { describeContainerRuntime } from './runtime-conformance.ts';

const socketPath = process.env['K2D_TEST_PODMAN_SOCKET'] ?? '/run/podman/podman.sock';

const image = 'docker.io/library/busybox:1.35';
const prefix = 'cpt-';
const cli = ['podman', '--remote', '--url', `unix://${socketPath}`] as const;

describeContainerRuntime('podman', {
  make: async () => ({ runtime: podmanRuntime({ socketPath, sandboxImage: () => image }), close: async () => {} }),
  image,
  prefix,
  subnet: '10.231.9',
  cli,
  skip: [
    {
      test: 'a process that does not read its input loses none of its output',
      because:
        'Podman 4.3 closes the connection as soon as conmon takes no more input, before it has read the last of the output',
    },
    {
      test: 'a run that ended within a line does not run into the next',
      because: 'conmon marks what was written without a line feed as part of a line, also when the run ends with it',
    },
  ],
});

test('a pod whose infra container was started again is no sandbox of its running members any more', async () => {
  const { sandboxes } = podmanRuntime({ socketPath, sandboxImage: () => image });
  const podman = async (...args: readonly string[]) => {
    const [command, ...first] = cli;
    return (await promisify(execFile)(command, [...first, ...args], { timeout: 60_000 })).stdout.trim();
  };
  const name = `${prefix}restarted`;
  await podman('pod', 'rm', '--force', '--ignore', name);
  const id = await sandboxes.run({
    name,
    labels: {},
    hostname: 'pod',
    network: { mode: 'none' },
    ports: [],
    sysctls: {},
    shareProcessNamespace: false,
    hostPid: false,
    hostIpc: false,
  });
  try {
    await podman('run', '--detach', '--pod', name, image, 'sleep', '600');
    expect((await sandboxes.status(id))?.state).toBe('ready');
    // The engine tells starts by the second.
    await delay(1100);
    await podman('kill', await podman('pod', 'inspect', '--format', '{{.InfraContainerID}}', name));
    await eventually('the pod is not ready', async () =>
      (await sandboxes.status(id))?.state === 'notready' ? true : undefined,
    );
    await podman('pod', 'start', name);
    const infra = await podman('pod', 'inspect', '--format', '{{.InfraContainerID}}', name);
    expect(await podman('inspect', '--format', '{{.State.Status}}', infra)).toBe('running');
    expect((await sandboxes.status(id))?.state).toBe('notready');
    expect((await sandboxes.list({})).find((sandbox) => sandbox.id === id)?.state).toBe('notready');
  } finally {
    await sandboxes.remove(id);
  }
});
