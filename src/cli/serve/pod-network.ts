import type { Config } from '../../config.ts';
import type { NetworkSpec } from '../../domain/container-runtime/network.ts';
import { podNetworkAddresses } from '../../domain/network/addresses.ts';
import { bridgeName } from './bridge-name.ts';

/** The engine's network in which pods live. */
export function podNetwork({ instance, podCidr }: Pick<Config, 'instance' | 'podCidr'>): NetworkSpec {
  const { subnet, gateway, dynamicRange } = podNetworkAddresses(podCidr);
  return {
    name: instance,
    labels: { 'k2d.io/instance': instance },
    subnet,
    gateway,
    dynamicRange,
    bridge: bridgeName(instance),
  };
}
