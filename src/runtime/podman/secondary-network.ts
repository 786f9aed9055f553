import type { SecondaryNetworkSpec } from '../../domain/container-runtime/network.ts';
import type { NetworkAttachment } from '../../domain/container-runtime/pod-sandbox.ts';

/** Body of `POST /networks/create`. `internal`: no address translation, and no default route. The engine knows no other addresses than those asked for. */
export const secondaryToLibpod = ({ name, labels, subnet, gateway, mtu, link }: SecondaryNetworkSpec) => ({
  name,
  labels,
  driver: link.kind,
  network_interface: link.kind === 'macvlan' ? link.parent : link.bridge,
  internal: true,
  // For a bridge the gateway is what the host gets as its own address.
  subnets: [{ subnet, ...(link.kind === 'bridge' && link.isGateway && { gateway }) }],
  dns_enabled: false,
  options: {
    ...(link.kind === 'macvlan' && { mode: link.mode }),
    ...(mtu !== undefined && { mtu: String(mtu) }),
  },
});

/** One member of the `networks` of a container or pod. */
export const attachmentToLibpod = ({ ip, interface: name, mac }: NetworkAttachment) => ({
  static_ips: [ip],
  ...(name !== undefined && { interface_name: name }),
  ...(mac !== undefined && { static_mac: mac }),
});
