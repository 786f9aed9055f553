import { findServed } from '../../registry/find-served.ts';
import { networkAttachmentDefinitions } from '../../resources/network-attachment-definition.ts';
import { pods } from '../../resources/pod.ts';
import type { KubeletOptions } from '../kubelet-options.ts';
import { hasEnded } from '../pod/pod-verdict.ts';
import { SecondaryNetworks } from './secondary-networks.ts';

/** Their definitions and the pods that hold them are what the registry says. */
export const openSecondaryNetworks = ({ registry, runtime, info, instance }: KubeletOptions): SecondaryNetworks =>
  new SecondaryNetworks({
    networks: runtime.networks,
    instance,
    interfaceIdentity: info.capabilities.interfaceIdentity,
    definition: (key) => findServed(registry, networkAttachmentDefinitions, key),
    pods: () => registry.all(pods).filter((pod) => !hasEnded(pod) && pod.metadata?.deletionTimestamp === undefined),
  });
