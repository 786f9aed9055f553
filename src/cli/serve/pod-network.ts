import type { Config } from '../../config.ts';
import type { NetworkSpec } from '../../domain/container-runtime/network.ts';
import { podNetworkAddresses } from '../../domain/network/addresses.ts';
import { bridgeName } from './bridge-name.ts';
import { label } from '../../domain/kubelet/pod/pod-identity.ts';

/** The engine's network in which pods live. */
export function podNetwork({ instance, podCidr }: Pick<Config, 'instance' | 'podCidr'>): NetworkSpec {
  const { subnet, gateway, dynamicRange } = podNetworkAddresses(podCidr);
  return {
    name: instance,
    labels: { [label.instance]: instance },
    subnet,
    gateway,
    dynamicRange,
    bridge: bridgeName(instance),
  };
}
