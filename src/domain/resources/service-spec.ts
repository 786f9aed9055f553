import type { Service } from '../meta/types.ts';

export type ServiceSpec = NonNullable<Service['spec']>;

export const headless = 'None';

/** Names in the cluster's DNS that stand for names outside have no address of their own. */
export const needsClusterIp = ({ type }: ServiceSpec): boolean =>
  type === 'ClusterIP' || type === 'NodePort' || type === 'LoadBalancer';

export const needsNodePorts = ({ type, allocateLoadBalancerNodePorts }: ServiceSpec): boolean =>
  type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);
