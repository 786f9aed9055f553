import { describe, expect, it } from 'vitest';
import type { NetworkPolicy } from '../meta/types.ts';
import { networkPolicies } from './network-policy.ts';

const podSelector = { matchLabels: { app: 'db' } };
const policy = (spec: object): NetworkPolicy => networkPolicies.default({ spec: { podSelector, ...spec } });
const refused = (spec: object): string[] =>
  networkPolicies.validate(policy(spec)).map(({ field, message }) => `${field}: ${message}`);
const from = (...peers: object[]) => ({ ingress: [{ from: peers }] });
const block = (cidr: string, ...except: string[]) => from({ ipBlock: { cidr, except } });
const port = (fields: object) => ({ egress: [{ ports: [fields] }] });

describe('a NetworkPolicy', () => {
  it('says nothing that is not known', () => {
    expect(networkPolicies.default({})).toEqual({ spec: { podSelector: {}, policyTypes: ['Ingress'] } });
    expect(policy({ egress: [{ ports: [{ port: 53 }] }] }).spec).toEqual({
      podSelector,
      egress: [{ ports: [{ port: 53, protocol: 'TCP' }] }],
      policyTypes: ['Ingress', 'Egress'],
    });
    expect(policy({ egress: [], policyTypes: ['Egress'] }).spec?.policyTypes).toEqual(['Egress']);
  });

  it.each<[object, string[]]>([
    [{}, []],
    [from({ podSelector }, { namespaceSelector: {}, podSelector: {} }), []],
    [block('10.0.0.0/8', '10.1.0.0/16'), []],
    [block('2001:db8::/32', '2001:db8:1::/48'), []],
    [port({ protocol: 'UDP', port: 100, endPort: 200 }), []],
    [port({ port: 'dns' }), []],
    [from({}), ['spec.ingress[0].from[0]: Required value: must specify a peer']],
    [
      from({ podSelector, ipBlock: { cidr: '10.0.0.0/8' } }),
      ['spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer'],
    ],
    [from({ ipBlock: { cidr: '' } }), ['spec.ingress[0].from[0].ipBlock.cidr: Required value']],
    ...['10.0.0.0', '10.0.0.0/33', 'a/8', '2001:db8::/129'].map((text): [object, string[]] => [
      block(text),
      [
        `spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "${text}": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)`,
      ],
    ]),
    ...['10.0.0.0/8', '11.0.0.0/16', '::/16'].map((text): [object, string[]] => [
      block('10.0.0.0/8', text),
      [`spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "${text}": must be a strict subset of \`cidr\``],
    ]),
    [
      port({ protocol: 'ICMP' }),
      ['spec.egress[0].ports[0].protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP"'],
    ],
    [
      port({ port: 200, endPort: 100 }),
      ['spec.egress[0].ports[0].endPort: Invalid value: 100: must be greater than or equal to `port`'],
    ],
    [
      port({ port: 'dns', endPort: 100 }),
      ['spec.egress[0].ports[0].endPort: Invalid value: 100: may not be specified when `port` is non-numeric'],
    ],
    [
      port({ endPort: 100 }),
      ['spec.egress[0].ports[0].endPort: Invalid value: 100: may not be specified when `port` is not specified'],
    ],
    [
      { policyTypes: ['Sideways'] },
      ['spec.policyTypes[0]: Unsupported value: "Sideways": supported values: "Ingress", "Egress"'],
    ],
    [
      { policyTypes: ['Ingress', 'Egress', 'Ingress'] },
      ['spec.policyTypes: Invalid value: ["Ingress","Egress","Ingress"]: may not specify more than two policyTypes'],
    ],
  ])('%j', (spec, texts) => expect(refused(spec)).toEqual(texts));

  it('is no protection yet, and says so', () =>
    expect(networkPolicies.warnings(policy({}))).toEqual([
      'spec: k2d does not enforce network policies yet; the policy is kept and all traffic is allowed',
    ]));

  it('shows whom it is about', () => expect(networkPolicies.columns[1]?.cell(policy({}), new Date())).toBe('app=db'));
});
