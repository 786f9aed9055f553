/** The engines that the scenarios run on, from the environment: `K2D_TEST_ENGINES=podman` for one of them. */

export type TestEngine = {
  readonly kind: 'docker' | 'podman';
  readonly socket: string;
  /** The engine's own command line, for what people do by hand. */
  readonly cli: readonly [program: string, ...flags: string[]];
};

const dockerSocket = process.env['K2D_TEST_DOCKER_SOCKET'] || '/var/run/docker.sock';
const podmanSocket = process.env['K2D_TEST_PODMAN_SOCKET'] || '/run/podman/podman.sock';

const all: readonly TestEngine[] = [
  { kind: 'docker', socket: dockerSocket, cli: ['docker', '--host', `unix://${dockerSocket}`] },
  { kind: 'podman', socket: podmanSocket, cli: ['podman', '--remote', '--url', `unix://${podmanSocket}`] },
];

const wanted = (process.env['K2D_TEST_ENGINES'] || 'docker,podman').split(',');

export const engines = all.filter(({ kind }) => wanted.includes(kind));

/** Testcontainers takes its engine from the environment of the process: so each engine's scenarios are a process of their own. */
export const engineEnvironment = ({ kind, socket }: TestEngine): Record<string, string> => ({
  K2D_TEST_ENGINES: kind,
  DOCKER_HOST: `unix://${socket}`,
  // Its helper that removes what tests leave behind is an image from a registry.
  TESTCONTAINERS_RYUK_DISABLED: 'true',
  // Else it takes the engine's bridge for the host when it runs in a container itself.
  TESTCONTAINERS_HOST_OVERRIDE: '127.0.0.1',
});
