import Docker from 'dockerode';
import { dockerRuntime } from '../../src/runtime/docker/docker-runtime.ts';
import { catatonitImage } from './runtime/catatonit-image.ts';
import { describeContainerRuntime } from './runtime-conformance.ts';

const socketPath = process.env['K2D_TEST_DOCKER_SOCKET'] ?? '/var/run/docker.sock';
const prefix = 'cd-';

describeContainerRuntime('docker', {
  image: 'busybox:1.35',
  prefix,
  subnet: '10.231.7',
  cli: ['docker', '--host', `unix://${socketPath}`],
  skip: [],
  make: async () => {
    const sandboxImage = await catatonitImage(new Docker({ socketPath }), `localhost/${prefix}catatonit:1`);
    return {
      runtime: dockerRuntime({ socketPath, sandboxImage: () => sandboxImage.reference }),
      close: sandboxImage.remove,
    };
  },
});
