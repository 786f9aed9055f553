import type { NetworkLink, SecondaryNetworkSpec } from '../../domain/container-runtime/network.ts';

export const BRIDGE_NAME = 'com.docker.network.bridge.name';

/**
 * Body of `POST /networks/create`. `Internal`: no address translation, and no default route. The gateway is only kept back: without one Docker
 * takes the first address, which is often a device.
 */
export const secondaryNetworkBody = ({ name, labels, subnet, gateway, mtu, link }: SecondaryNetworkSpec) => ({
  Name: name,
  CheckDuplicate: true,
  Driver: link.kind,
  Internal: true,
  IPAM: { Driver: 'default', Config: [{ Subnet: subnet, Gateway: gateway }] },
  Labels: { ...labels },
  Options: { ...linkOptions(link), ...(mtu !== undefined && { 'com.docker.network.driver.mtu': String(mtu) }) },
});

/** Without `inhibit_ipv4` (20.10) Docker gives the gateway's address to the bridge, whoever has it on the wire. */
const linkOptions = (link: NetworkLink): Record<string, string> =>
  link.kind === 'macvlan'
    ? { parent: link.parent, macvlan_mode: link.mode }
    : { [BRIDGE_NAME]: link.bridge, 'com.docker.network.bridge.inhibit_ipv4': String(!link.isGateway) };
