import { cniIpam, type CniIpam } from './cni-ipam.ts';
import { cniMalformed, cniUnsupported, isCniObject, type CniObject, type CniProblem } from './cni-problem.ts';
import { isInterfaceName } from './network-selection.ts';

const macvlanModes = ['bridge', 'private', 'vepa', 'passthru'] as const;

export type CniLink =
  | { kind: 'macvlan'; parent: string; mode: (typeof macvlanModes)[number] }
  | { kind: 'bridge'; bridge: string; isGateway: boolean };

/** What k2d makes of a CNI configuration. */
export type CniConfig = { link: CniLink; mtu?: number; ipam: CniIpam };

/** Reads one plugin's configuration, or a list of one (containernetworking/cni SPEC.md; plugins macvlan and bridge). */
export function cniConfig(text: string | undefined): { kind: 'config'; config: CniConfig } | CniProblem {
  if (!text) return cniUnsupported('it has no spec.config, and there are no configuration files here');
  const parsed = parse(text);
  if (parsed === undefined) return cniMalformed('it is no JSON object');
  const plugins = parsed['plugins'] ?? [parsed];
  if (!Array.isArray(plugins) || !plugins.every(isCniObject)) return cniMalformed('plugins is no list of objects');
  const [plugin, second] = plugins;
  if (plugin === undefined) return cniMalformed('plugins is empty');
  if (second !== undefined) return cniUnsupported(`the further plugin ${JSON.stringify(second['type'])}`);
  return pluginConfig(plugin);
}

function parse(text: string): CniObject | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isCniObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function pluginConfig(plugin: CniObject): { kind: 'config'; config: CniConfig } | CniProblem {
  const { type, mtu = 0, ipam } = plugin;
  if (typeof type !== 'string' || type === '') return cniMalformed('type is missing');
  const link = type === 'macvlan' ? macvlan(plugin) : type === 'bridge' ? bridge(plugin) : undefined;
  if (link === undefined) return cniUnsupported(`type ${JSON.stringify(type)}; it can be macvlan or bridge`);
  if (link.kind === 'malformed' || link.kind === 'unsupported') return link;
  if (!Number.isInteger(mtu) || Number(mtu) < 0 || Number(mtu) > 65_535)
    return cniMalformed('mtu is no number of bytes');
  const addresses = cniIpam(ipam);
  if (addresses.kind !== 'ipam') return addresses;
  return { kind: 'config', config: { link, ipam: addresses.ipam, ...(mtu === 0 ? {} : { mtu: Number(mtu) }) } };
}

function macvlan({ master, mode = 'bridge' }: CniObject): CniLink | CniProblem {
  if (master === undefined || master === '') return cniUnsupported('a macvlan without its master');
  if (!isInterfaceName(master)) return cniMalformed(`master: ${JSON.stringify(master)} is no name of an interface`);
  const known = macvlanModes.find((each) => each === mode);
  if (known === undefined) return cniMalformed(`mode: ${JSON.stringify(mode)} is none of ${macvlanModes.join(', ')}`);
  return { kind: 'macvlan', parent: master, mode: known };
}

/** Members of the bridge plugin that would have to be seen to. */
const notOfBridges = ['isDefaultGateway', 'ipMasq', 'hairpinMode', 'promiscMode', 'vlan', 'vlanTrunk', 'macspoofchk'];

function bridge(plugin: CniObject): CniLink | CniProblem {
  const { bridge: name = 'cni0', isGateway = false } = plugin;
  if (!isInterfaceName(name)) return cniMalformed(`bridge: ${JSON.stringify(name)} is no name of an interface`);
  if (typeof isGateway !== 'boolean') return cniMalformed('isGateway is neither true nor false');
  const other = notOfBridges.find((member) => Boolean(plugin[member]));
  if (other !== undefined) return cniUnsupported(other);
  return { kind: 'bridge', bridge: name, isGateway };
}
