import { BlockList, isIP } from 'node:net';
import { forbiddenField, invalidValue, required, type FieldError } from '../meta/field-error.ts';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../meta/types.ts';
import { validateLabelSelector } from './label-selector-validation.ts';
import { eachOf, oneOf, portNumber, portNumberOrName } from './value-rules.ts';

const protocols = ['TCP', 'UDP', 'SCTP'];
const types = ['Ingress', 'Egress'];

type IpBlock = NonNullable<NetworkPolicyPeer['ipBlock']>;

/** kubernetes pkg/apis/networking/validation/validation.go ValidateNetworkPolicySpec */
export function validateNetworkPolicy({ spec }: NetworkPolicy): FieldError[] {
  const { podSelector = {}, ingress, egress, policyTypes = [] } = spec ?? {};
  return [
    ...validateLabelSelector(podSelector, 'spec.podSelector'),
    ...eachOf('spec.ingress', ingress, ({ ports, from }, at) => [
      ...eachOf(`${at}.ports`, ports, validatePort),
      ...eachOf(`${at}.from`, from, validatePeer),
    ]),
    ...eachOf('spec.egress', egress, ({ ports, to }, at) => [
      ...eachOf(`${at}.ports`, ports, validatePort),
      ...eachOf(`${at}.to`, to, validatePeer),
    ]),
    ...(policyTypes.length > types.length
      ? [invalidValue('spec.policyTypes', policyTypes, 'may not specify more than two policyTypes')]
      : eachOf('spec.policyTypes', policyTypes, (type, at) => oneOf(at, type, types))),
  ];
}

const validatePort = ({ protocol, port, endPort }: NetworkPolicyPort, at: string): FieldError[] => [
  ...oneOf(`${at}.protocol`, protocol, protocols),
  ...(port === undefined ? [] : portNumberOrName(`${at}.port`, port)),
  ...(endPort === undefined ? [] : validateEnd(port, endPort, `${at}.endPort`)),
];

function validateEnd(port: NetworkPolicyPort['port'], end: number, field: string): FieldError[] {
  if (port === undefined) return [invalidValue(field, end, 'may not be specified when `port` is not specified')];
  if (typeof port === 'string') return [invalidValue(field, end, 'may not be specified when `port` is non-numeric')];
  return [
    ...(end < port ? [invalidValue(field, end, 'must be greater than or equal to `port`')] : []),
    ...portNumber(field, end),
  ];
}

function validatePeer({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, at: string): FieldError[] {
  const selects = podSelector !== undefined || namespaceSelector !== undefined;
  return [
    ...(podSelector ? validateLabelSelector(podSelector, `${at}.podSelector`) : []),
    ...(namespaceSelector ? validateLabelSelector(namespaceSelector, `${at}.namespaceSelector`) : []),
    ...(ipBlock ? validateBlock(ipBlock, `${at}.ipBlock`) : []),
    ...(selects || ipBlock ? [] : [required(at, 'must specify a peer')]),
    ...(selects && ipBlock ? [forbiddenField(at, 'may not specify both ipBlock and another peer')] : []),
  ];
}

type Cidr = { address: string; bits: number; family: 'ipv4' | 'ipv6' };

function cidr(text: string): Cidr | undefined {
  const [, address = '', digits = ''] = /^([^/]*)\/(\d{1,3})$/.exec(text) ?? [];
  const [family, bits] = [isIP(address), Number(digits)];
  if (family === 0 || bits > (family === 4 ? 32 : 128)) return undefined;
  return { address, bits, family: family === 4 ? 'ipv4' : 'ipv6' };
}

const notCidr = (field: string, text: string): FieldError =>
  invalidValue(field, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)');

function validateBlock({ cidr: text, except }: IpBlock, field: string): FieldError[] {
  if (!text) return [required(`${field}.cidr`)];
  const whole = cidr(text);
  return [
    ...(whole ? [] : [notCidr(`${field}.cidr`, text)]),
    ...eachOf(`${field}.except`, except, (part, at) => {
      const hole = cidr(part);
      if (!hole) return [notCidr(at, part)];
      return whole && !isWithin(hole, whole) ? [invalidValue(at, part, 'must be a strict subset of `cidr`')] : [];
    }),
  ];
}

function isWithin(part: Cidr, whole: Cidr): boolean {
  const subnet = new BlockList();
  subnet.addSubnet(whole.address, whole.bits, whole.family);
  return part.family === whole.family && part.bits > whole.bits && subnet.check(part.address, part.family);
}
