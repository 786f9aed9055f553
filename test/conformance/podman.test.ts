import { podmanRuntime } from '../../src/runtime/podman/podman-runtime.ts';
import { describeContainerRuntime } from './runtime-conformance.ts';

const socketPath = process.env['K2D_TEST_PODMAN_SOCKET'] ?? '/run/podman/podman.sock';

describeContainerRuntime('podman', {
  make: async () => ({ runtime: podmanRuntime({ socketPath }), close: async () => {} }),
  image: 'docker.io/library/busybox:1.35',
  prefix: 'cpt-',
  subnet: '10.231.9',
  cli: ['podman', '--remote', '--url', `unix://${socketPath}`],
  skip: [
    {
      test: 'a run that ended within a line does not run into the next',
      because: 'conmon marks what was written without a line feed as part of a line, also when the run ends with it',
    },
  ],
});
