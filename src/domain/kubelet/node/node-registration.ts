import type { RuntimeInfo } from '../../container-runtime/container-runtime.ts';
import type { Clock } from '../../meta/clock.ts';
import type { Registry } from '../../registry/registry.ts';
import { nodes } from '../../resources/node.ts';
import { newNode, nodeStatus } from './node-status.ts';

export type NodeRegistrationOptions = {
  registry: Registry;
  info: RuntimeInfo;
  nodeName: string;
  machineId: string;
  version: string;
  hostIp: () => string;
  clock: Clock;
};

/** Says in the one Node what the machine is and whether its engine answers; labels and taints that users set stay. */
export async function registerNode(options: NodeRegistrationOptions, ready: boolean): Promise<void> {
  const { registry, info, nodeName: name, machineId, version, hostIp, clock } = options;
  const facts = { info, name, hostIp: hostIp(), kubeletVersion: version, machineId, ready, now: clock.now() };
  const key = { namespace: '', name };
  if (!registry.find(nodes, key)) await registry.create(nodes, newNode(facts), { fieldManager: 'kubelet' });
  const withStatus = (node: Parameters<typeof nodeStatus>[0]) => ({ ...node, status: nodeStatus(node, facts) });
  await registry.update(nodes, key, withStatus, { subresource: 'status' });
}
