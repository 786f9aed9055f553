import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deployK2d } from '../../scripts/deploy/deploy-k2d.ts';
import { connectEngine } from '../../scripts/deploy/engine.ts';
import { inspect, remove } from '../../scripts/deploy/replace-container.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { Kubectl } from '../clients/kubectl.ts';
import { cleanUp } from './clean-up.ts';
import type { TestEngine } from './engines.ts';
import { instanceSlot } from './instance-slot.ts';

/** Made by scripts/test.ts. */
export const K2D_IMAGE = 'localhost/k2d:test';

/** What the instances of this machine have of their own, one folder each. */
const INSTANCES = '/var/lib/k2d-test';

/** k2d as the container that `npm start` runs, under a name of its own. */
export class K2d {
  readonly engine: TestEngine;
  readonly config: Config;
  readonly kubectl: Kubectl;
  readonly #env: Readonly<Record<string, string>>;
  readonly #folder: string;

  /** Every scenario has a name, and with it an instance, addresses and ports of its own. */
  constructor(engine: TestEngine, scenario: string, settings: Readonly<Record<string, string>> = {}) {
    const instance = `it-${engine.kind}-${scenario}`;
    const slot = instanceSlot(instance, join(INSTANCES, 'slots'));
    this.#folder = join(INSTANCES, instance);
    this.engine = engine;
    this.#env = {
      ...settings,
      K2D_INSTANCE: instance,
      K2D_PORT: String(16_440 + slot),
      K2D_DATA_PATH: join(this.#folder, 'data'),
      K2D_POD_CIDR: `10.190.${4 * slot}.0/22`,
      K2D_SERVICE_CIDR: `10.191.${4 * slot}.0/22`,
      // The examples' manifests name ports of the usual range.
      ...(scenario === 'examples' ? {} : { K2D_NODE_PORT_RANGE: `${20_000 + 100 * slot}-${20_099 + 100 * slot}` }),
    };
    this.config = readConfig({ ...this.#env, K2D_RUNTIME: engine.kind, K2D_RUNTIME_SOCKET: engine.socket });
    this.kubectl = new Kubectl({
      kubeconfig: this.config.kubeconfigPath,
      cacheDirectory: join(this.#folder, 'kubectl-cache'),
    });
  }

  /** For k2d as a process of its own. */
  get environment(): Record<string, string | undefined> {
    const { kind, socket } = this.engine;
    return { ...process.env, ...this.#env, K2D_RUNTIME: kind, K2D_RUNTIME_SOCKET: socket };
  }

  get url(): string {
    return `https://127.0.0.1:${this.config.port}`;
  }

  /** A new namespace in which pods can be made: the API refuses them until the namespace has its service account. The authority that it gets as well counts in quotas. */
  async namespace(name: string): Promise<Kubectl> {
    await this.kubectl.run(`create namespace ${name}`);
    const kubectl = this.kubectl.in(name);
    // One by one: of several, kubectl 1.35 waits for none when two are missing.
    for (const awaited of ['serviceaccount/default', 'configmap/kube-root-ca.crt'])
      await kubectl.run(`wait --for=create ${awaited} --timeout=100s`);
    return kubectl;
  }

  /** `npm start`: again, or for the first time. */
  async start(): Promise<void> {
    const { config } = this;
    const engine = await connectEngine(config);
    const { Id: id } = await engine.client.getImage(K2D_IMAGE).inspect();
    await deployK2d(config, this.#env, engine, { name: K2D_IMAGE, id });
  }

  /** `npm stop`. */
  async stop(): Promise<void> {
    const { client } = await connectEngine(this.config);
    await remove(client.getContainer(this.config.instance));
  }

  /** On this machine, to crash it without a word; then the engine starts it again, as its container says. */
  async pid(): Promise<number> {
    const { client } = await connectEngine(this.config);
    return (await client.getContainer(this.config.instance).inspect()).State.Pid;
  }

  /** How often k2d was started, by the engine too, since this container was made: it did not crash when that is 0. */
  async restarts(): Promise<number | undefined> {
    const { client } = await connectEngine(this.config);
    return (await inspect(client, this.config.instance))?.RestartCount;
  }

  /** Removes k2d and everything that it made. */
  async dispose(): Promise<void> {
    await this.stop();
    await cleanUp(this.config);
    await rm(this.#folder, { recursive: true, force: true });
  }
}
