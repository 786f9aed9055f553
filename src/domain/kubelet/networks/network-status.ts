import type { NetworkAddress } from '../../container-runtime/pod-sandbox.ts';
import { metaOf } from '../../meta/object-key.ts';
import type { Pod } from '../../meta/types.ts';
import { networkStatusAnnotation } from '../../resources/network-selection.ts';
import type { ObservedPod } from '../pod/observed-pod.ts';
import type { PodAttachment } from './pod-attachment.ts';

/**
 * The pod with what it is told of its networks, as Multus writes it (multi-net-spec 1.3, 5.1). What was told stays while its containers do
 * not run: then engines show no addresses.
 */
export function withNetworkStatus(
  pod: Pod,
  attachments: readonly PodAttachment[],
  observed: ObservedPod,
  podNetwork: string,
): Pod {
  if (attachments.length === 0) return pod;
  const seen = [observed.sandbox?.addresses ?? [], ...observed.containers.map(({ addresses }) => addresses)].flat();
  const statuses = [
    // Without its hardware address: some engines make up another at every start, and the annotation is written to disk.
    statusOf(podNetwork, 'eth0', podNetwork, withoutMac(seen), { default: true }),
    ...attachments.map(({ definition, interface: name, network }) => statusOf(definition, name, network, seen)),
  ];
  if (statuses.some((status) => status === undefined)) return pod;
  const annotations = { ...metaOf(pod).annotations, [networkStatusAnnotation]: JSON.stringify(statuses, null, 4) };
  return { ...pod, metadata: { ...metaOf(pod), annotations } };
}

const withoutMac = (seen: readonly NetworkAddress[]): NetworkAddress[] =>
  seen.map(({ network, ip }) => ({ network, ip }));

function statusOf(
  name: string,
  ifname: string | undefined,
  network: string,
  seen: readonly NetworkAddress[],
  more: object = {},
) {
  const found = seen.find((address) => address.network === network);
  if (found === undefined) return undefined;
  const { ip, mac } = found;
  return { name, ...(ifname && { interface: ifname }), ips: [ip], ...(mac && { mac }), ...more, dns: {} };
}
