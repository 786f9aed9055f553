import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type Dockerode from 'dockerode';
import { deployK2d } from '../scripts/deploy/deploy-k2d.ts';
import { connectEngine, type Engine } from '../scripts/deploy/engine.ts';
import { remove } from '../scripts/deploy/replace-container.ts';
import { buildK2dImage, type K2dImage } from '../scripts/image/k2d-image.ts';
import { type Config, readConfig } from '../src/config.ts';
import { Kubectl } from '../test/clients/kubectl.ts';
import { cleanUp } from '../test/integration/clean-up.ts';
import type { TestEngine } from '../test/integration/engines.ts';

const run = promisify(execFile);

const CLI_TIMEOUT_MS = 60_000;

/** k2d as the container that `npm start` makes, in an instance of its own beside others. */
export class K2dUnderTest {
  static readonly image = 'localhost/k2d:bench';
  readonly config: Config;
  readonly kubectl: Kubectl;
  /** For the container that the engine's own command line makes. */
  readonly rivalName: string;
  readonly #engine: TestEngine;
  readonly #env: Readonly<Record<string, string>>;
  readonly #folder: string;

  constructor(engine: TestEngine) {
    const instance = `bn-${engine.kind}`;
    const number = engine.kind === 'docker' ? 0 : 1;
    this.#engine = engine;
    this.rivalName = `${instance}-rival`;
    this.#folder = join('/var/lib', `k2d-bench-${engine.kind}`);
    this.#env = {
      K2D_INSTANCE: instance,
      K2D_PORT: String(16_600 + number),
      K2D_DATA_PATH: join(this.#folder, 'data'),
      K2D_POD_CIDR: `10.188.${4 * number}.0/22`,
      K2D_SERVICE_CIDR: `10.189.${4 * number}.0/22`,
      K2D_NODE_PORT_RANGE: `${31_600 + 40 * number}-${31_639 + 40 * number}`,
    };
    this.config = readConfig({ ...this.#env, K2D_RUNTIME: engine.kind, K2D_RUNTIME_SOCKET: engine.socket });
    const { kubeconfigPath } = this.config;
    this.kubectl = new Kubectl({ kubeconfig: kubeconfigPath, cacheDirectory: join(this.#folder, 'kubectl-cache') });
  }

  /** The image from dist/, then the container. Throws with k2d's last words when it does not become ready. */
  async start(): Promise<K2dImage> {
    const engine = await this.#connect();
    const image = await buildK2dImage(engine.client, K2dUnderTest.image);
    await deployK2d(this.config, this.#env, engine, { name: K2dUnderTest.image, id: image.id });
    return image;
  }

  /** Docker's API, or Podman's version of it. */
  async client(): Promise<Dockerode> {
    return (await this.#connect()).client;
  }

  /** Its own container. */
  async container(): Promise<Dockerode.Container> {
    return (await this.client()).getContainer(this.config.instance);
  }

  /** Its process, as the host numbers it. */
  async pid(): Promise<number> {
    return (await (await this.container()).inspect()).State.Pid;
  }

  /** What `docker ARGUMENT...` or `podman ARGUMENT...` prints. */
  async cli(...args: readonly string[]): Promise<string> {
    const [program, ...flags] = this.#engine.cli;
    const { stdout } = await run(program, [...flags, ...args], { timeout: CLI_TIMEOUT_MS });
    return stdout.trim();
  }

  async engineVersion(): Promise<string> {
    return (await (await this.client()).version()).Version;
  }

  /** Leaves nothing: container, pods, network, kernel tables, data and image. What is not there is no error. */
  async dispose(): Promise<void> {
    const client = await this.client();
    await remove(client.getContainer(this.config.instance));
    await remove(client.getContainer(this.rivalName));
    await cleanUp(this.config);
    await rm(this.#folder, { recursive: true, force: true });
    const images = await client.listImages({ filters: { reference: [K2dUnderTest.image] } });
    if (images.length > 0) await client.getImage(K2dUnderTest.image).remove();
  }

  #connect(): Promise<Engine> {
    return connectEngine(this.config);
  }
}
