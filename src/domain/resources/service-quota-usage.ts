import type { ResourceList, Service } from '../meta/types.ts';

/** kubernetes pkg/quota/v1/evaluator/core/services.go Usage: what it will be given counts before it has it. */
export function serviceQuotaUsage({ spec }: Service): ResourceList {
  const ports = spec?.ports ?? [];
  if (spec?.type === 'NodePort') return usage(ports.length, 0);
  if (spec?.type !== 'LoadBalancer') return usage(0, 0);
  const doors = spec.allocateLoadBalancerNodePorts === false ? ports.filter(({ nodePort }) => nodePort) : ports;
  return usage(doors.length, 1);
}

const usage = (nodePorts: number, loadBalancers: number): ResourceList => ({
  services: '1',
  'services.nodeports': String(nodePorts),
  'services.loadbalancers': String(loadBalancers),
});
