import { bridgeName } from '../serve/bridge-name.ts';
import type { Config } from '../../config.ts';
import { NftablesDataplane } from '../../dataplane/nftables/nftables-dataplane.ts';
import type { ContainerRuntime } from '../../domain/container-runtime/container-runtime.ts';
import { label } from '../../domain/kubelet/pod/pod-identity.ts';

/** Volumes of this instance for which `goes` says so. */
export async function removeVolumes(
  { volumes }: ContainerRuntime,
  instance: string,
  goes: (volume: string) => boolean = () => true,
): Promise<void> {
  for (const { name } of await volumes.list({ [label.instance]: instance })) if (goes(name)) await volumes.remove(name);
}

export async function removeNetworks({ networks }: ContainerRuntime, instance: string): Promise<void> {
  for (const { name } of await networks.list({ [label.instance]: instance })) await networks.remove(name);
}

/** The rules of its Services in the host's kernel. */
export async function removeRules(config: Config): Promise<void> {
  const { instance, podCidr, serviceCidr, nodePorts } = config;
  const options = { instance, bridge: bridgeName(instance), podCidr, serviceCidr, nodePorts, logger: silent };
  await new NftablesDataplane(options).remove();
}

const quiet = () => undefined;
const silent = { debug: quiet, info: quiet, warn: quiet, error: quiet };
