import Docker from 'dockerode';
import { expect, test } from 'vitest';
import { dockerRuntime } from '../../src/runtime/docker/docker-runtime.ts';
import { catatonitImage } from './runtime/catatonit-image.ts';
import { eventually } from './runtime/eventually.ts';
import { describeContainerRuntime } from './runtime-conformance.ts';

const socketPath = process.env['K2D_TEST_DOCKER_SOCKET'] ?? '/var/run/docker.sock';
const image = 'busybox:1.35';
const prefix = 'cd-';

describeContainerRuntime('docker', {
  image,
  prefix,
  subnet: '10.231.7',
  cli: ['docker', '--host', `unix://${socketPath}`],
  skip: [],
  make: async () => {
    const sandboxImage = await catatonitImage(new Docker({ socketPath }), image, `localhost/${prefix}catatonit:1`);
    return {
      runtime: dockerRuntime({ socketPath, sandboxImage: () => sandboxImage.reference }),
      close: sandboxImage.remove,
    };
  },
});

test('a pause container that the engine restarted is no sandbox of its members any more', async () => {
  const docker = new Docker({ socketPath });
  const sandboxImage = await catatonitImage(docker, image, `localhost/${prefix}catatonit:2`);
  const { sandboxes } = dockerRuntime({ socketPath, sandboxImage: () => sandboxImage.reference });
  const id = await sandboxes.run({
    name: `${prefix}restarted`,
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
    expect((await sandboxes.status(id))?.state).toBe('ready');
    process.kill((await docker.getContainer(id).inspect()).State.Pid, 'SIGKILL');
    await eventually('the engine restarts it', async () => {
      const { RestartCount, State } = await docker.getContainer(id).inspect();
      return RestartCount > 0 && State.Running ? true : undefined;
    });
    expect((await sandboxes.status(id))?.state).toBe('notready');
  } finally {
    await sandboxes.remove(id);
    await sandboxImage.remove();
  }
});
