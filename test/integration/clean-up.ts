import { bridgeName } from '../../src/cli/serve/bridge-name.ts';
import type { Config } from '../../src/config.ts';
import { NftablesDataplane } from '../../src/dataplane/nftables/nftables-dataplane.ts';
import { detectRuntime } from '../../src/runtime/detect.ts';

/** Removes all that an instance made on the engine and in the kernel, once k2d itself is gone. */
export async function cleanUp(config: Config): Promise<void> {
  const { instance, podCidr, serviceCidr, nodePorts, runtime: name, runtimeSocket: socketPath } = config;
  const labels = { 'k2d.io/instance': instance };
  const { runtime } = await detectRuntime({
    ...(name ? { runtime: name } : {}),
    ...(socketPath ? { socketPath } : {}),
    sandboxImage: () => Promise.reject(new Error('nothing is made here')),
  });
  for (const { id } of await runtime.sandboxes.list(labels)) await runtime.sandboxes.remove(id);
  for (const container of await runtime.containers.list()) {
    if (container.labels['k2d.io/instance'] === instance) await runtime.containers.remove(container.id);
  }
  for (const volume of await runtime.volumes.list(labels)) await runtime.volumes.remove(volume.name);
  for (const { name: network } of await runtime.networks.list(labels)) await runtime.networks.remove(network);
  const dataplane = { instance, bridge: bridgeName(instance), podCidr, serviceCidr, nodePorts, logger: silent };
  await new NftablesDataplane(dataplane).remove();
}

const quiet = () => undefined;
const silent = { debug: quiet, info: quiet, warn: quiet, error: quiet };
