import type { NetworkPolicy } from '../meta/types.ts';
import { formatSelector } from './format-selector.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { validateNetworkPolicy } from './network-policy-validation.ts';
import { defineResource } from './resource-definition.ts';
import { withDefaults } from './with-defaults.ts';

type Spec = NonNullable<NetworkPolicy['spec']>;
type Rule = NonNullable<Spec['ingress']>[number] | NonNullable<Spec['egress']>[number];

const withProtocols = <T extends Rule>(rule: T): T =>
  rule.ports ? { ...rule, ports: rule.ports.map((port) => withDefaults(port, { protocol: 'TCP' })) } : rule;

/** kubernetes pkg/apis/networking/v1/defaults.go */
function defaultSpec(spec: Spec): Spec {
  const { ingress, egress, policyTypes = [] } = spec;
  const named = egress?.length ? ['Ingress', 'Egress'] : ['Ingress'];
  return {
    ...spec,
    ...(ingress && { ingress: ingress.map(withProtocols) }),
    ...(egress && { egress: egress.map(withProtocols) }),
    policyTypes: policyTypes.length === 0 ? named : policyTypes,
  };
}

/** kubernetes pkg/registry/networking/networkpolicy/strategy.go */
export const networkPolicies = defineResource<NetworkPolicy>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  singular: 'networkpolicy',
  shortNames: ['netpol'],
  scope: 'Namespaced',
  hasGeneration: true,
  default: (policy) => ({ ...policy, spec: defaultSpec(policy.spec ?? { podSelector: {} }) }),
  validate: validateNetworkPolicy,
  warnings: () => ['spec: k2d does not enforce network policies yet; the policy is kept and all traffic is allowed'],
  columns: [
    nameColumn,
    { name: 'Pod-Selector', type: 'string', cell: ({ spec }) => formatSelector(spec?.podSelector) },
    ageColumn,
  ],
});
