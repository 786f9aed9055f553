import { mkdir } from 'node:fs/promises';
import { podNetwork } from '../../src/cli/serve/pod-network.ts';
import type { Config } from '../../src/config.ts';
import { detectRuntime } from '../../src/runtime/detect.ts';
import type { Engine } from './engine.ts';
import { namespacesFolder } from './k2d-container.ts';

/** What k2d's container is made of before k2d runs: elsewhere k2d makes the network itself, and needs no namespaces. */
export async function prepareRootless(config: Config, env: NodeJS.ProcessEnv, engine: Engine): Promise<void> {
  await mkdir(namespacesFolder(env), { recursive: true, mode: 0o700 });
  const sandboxImage = () => Promise.reject(new Error('nothing is run here'));
  const { runtime } = await detectRuntime({ runtime: engine.kind, socketPath: engine.socket, sandboxImage });
  if ((await runtime.networks.status(config.instance)) === undefined) await runtime.networks.create(podNetwork(config));
}
