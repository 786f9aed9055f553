import { dnsLabel, dnsSubdomain } from '../meta/names.ts';
import { isIpv4, ipv4Subnet } from '../meta/ipv4-subnet.ts';

/** What a pod asks for, and what it is told it has (multi-net-spec 1.3, 4.1 and 5.1). */
export const networksAnnotation = 'k8s.v1.cni.cncf.io/networks';
export const networkStatusAnnotation = 'k8s.v1.cni.cncf.io/network-status';

/** One network that a pod asks for. */
export type NetworkSelection = {
  namespace: string;
  name: string;
  interface?: string;
  /** `192.168.7.20` or `192.168.7.20/24`. */
  ips: readonly string[];
  /** In lower case. */
  mac?: string;
  /** Further members, which the standard knows and k2d does not. */
  others: readonly string[];
};

export type NetworkSelections =
  | { kind: 'selected'; selections: readonly NetworkSelection[] }
  | { kind: 'malformed'; message: string };

/** More than a small machine has wires. */
const mostNetworks = 16;

const malformed = (message: string): NetworkSelections => ({ kind: 'malformed', message });

/** Reads the annotation in either form: `namespace/name@interface, …` or a list in JSON. `namespace` is the pod's own. */
export function networkSelections(text: string | undefined, namespace: string): NetworkSelections {
  if (text === undefined || text.trim() === '') return { kind: 'selected', selections: [] };
  const items = text.trimStart().startsWith('[') ? jsonItems(text) : text.split(',').map(shortItem);
  if (typeof items === 'string') return malformed(items);
  if (items.length > mostNetworks) return malformed(`more than ${mostNetworks} networks`);
  const selections: NetworkSelection[] = [];
  for (const item of items) {
    const read = typeof item === 'string' ? item : selectionOf(item, namespace);
    if (typeof read === 'string') return malformed(read);
    selections.push(read);
  }
  const names = selections.flatMap((selection) => selection.interface ?? []);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? { kind: 'selected', selections } : malformed(`two interfaces are named ${twice}`);
}

type Item = Record<string, unknown>;

/** Or what is wrong with it. */
function shortItem(item: string): Item | string {
  const [, namespace, name, ifname] = /^\s*(?:([^/@\s]+)\/)?([^/@\s]+)(?:@([^/@\s]+))?\s*$/.exec(item) ?? [];
  if (name === undefined) return `${JSON.stringify(item.trim())} is not of the form namespace/name@interface`;
  return { name, ...(namespace && { namespace }), ...(ifname && { interface: ifname }) };
}

function jsonItems(text: string): Item[] | string {
  try {
    const items: unknown = JSON.parse(text);
    const isList = Array.isArray(items) && items.every((item) => typeof item === 'object' && item !== null);
    return isList ? (items as Item[]) : 'not a list of objects';
  } catch {
    return 'not JSON';
  }
}

/** A network interface's name to Linux, without what engines refuse (net/core/dev.c dev_valid_name). */
export const isInterfaceName = (name: unknown): name is string =>
  typeof name === 'string' && /^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,14}$/.test(name);

/** Of one device, not of a group. */
const isMac = (mac: unknown): mac is string =>
  typeof mac === 'string' && /^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/i.test(mac);

const isText = (value: unknown): value is string => typeof value === 'string';

function selectionOf(item: Item, ownNamespace: string): NetworkSelection | string {
  const { name, namespace = ownNamespace, interface: ifname, ips = [], mac, ...others } = item;
  if (!isText(name) || dnsSubdomain(name).length > 0) return `${JSON.stringify(name ?? '')} is no name of a network`;
  if (!isText(namespace) || dnsLabel(namespace).length > 0) return `${JSON.stringify(namespace)} is no namespace`;
  if (ifname !== undefined && (!isInterfaceName(ifname) || ifname === 'lo' || ifname === 'eth0'))
    return `${JSON.stringify(ifname)} cannot be the name of an interface`;
  if (mac !== undefined && !isMac(mac)) return `${JSON.stringify(mac)} is no hardware address`;
  if (!Array.isArray(ips)) return 'ips is no list';
  const wrong = ips.find((ip) => !isText(ip) || (!isIpv4(ip) && ipv4Subnet(ip) === undefined));
  if (wrong !== undefined) return `${JSON.stringify(wrong)} is no IPv4 address`;
  return {
    namespace,
    name,
    ...(ifname === undefined ? {} : { interface: ifname }),
    ips,
    ...(mac === undefined ? {} : { mac: mac.toLowerCase() }),
    others: Object.keys(others),
  };
}
