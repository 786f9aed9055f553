import type { RuntimeInfo } from '../../container-runtime/container-runtime.ts';
import { toMicroTime, type Clock } from '../../meta/clock.ts';
import { metaOf } from '../../meta/object-key.ts';
import type { Node, ResourceList } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { leases, nodeLeaseNamespace } from '../../resources/lease.ts';
import { nodes } from '../../resources/node.ts';
import { newNode, nodeStatus } from './node-status.ts';

export type NodeRegistrationOptions = {
  registry: Registry;
  info: RuntimeInfo;
  nodeName: string;
  machineId: string;
  version: string;
  maxPods?: number;
  /** Withheld from pods. */
  reserved?: ResourceList;
  hostIp: () => string;
  clock: Clock;
};

/** The kubelet's default (kubernetes pkg/kubelet/apis/config/v1beta1/defaults.go). */
const defaultMaxPods = 110;

/** Says in the one Node what the machine is and whether its engine answers; labels and taints that users set stay. */
export async function registerNode(options: NodeRegistrationOptions, ready: boolean): Promise<void> {
  const {
    registry,
    info,
    nodeName: name,
    machineId,
    version,
    hostIp,
    clock,
    maxPods = defaultMaxPods,
    reserved = {},
  } = options;
  const facts = {
    info,
    name,
    hostIp: hostIp(),
    kubeletVersion: version,
    machineId,
    maxPods,
    reserved,
    ready,
    now: clock.now(),
  };
  const key = { namespace: '', name };
  if (!registry.find(nodes, key)) await registry.create(nodes, newNode(facts), { fieldManager: 'kubelet' });
  const withStatus = (node: Parameters<typeof nodeStatus>[0]) => ({ ...node, status: nodeStatus(node, facts) });
  const node = await registry.update(nodes, key, withStatus, { subresource: 'status' });
  await ensureLease(registry, node, clock.now());
}

/** The kubelet's default (kubernetes pkg/kubelet/apis/config/v1beta1/defaults.go). */
const leaseDurationSeconds = 40;

/** What tools take for the node's heartbeat (kubernetes pkg/kubelet/kubelet.go, component-helpers apimachinery/lease); it renews itself. */
async function ensureLease(registry: Registry, node: Node, now: Date): Promise<void> {
  const { name = '', uid = '' } = metaOf(node);
  const key = { namespace: nodeLeaseNamespace, name };
  if (registry.find(leases, key)) return;
  await registry.create(leases, {
    metadata: { ...key, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }] },
    spec: { holderIdentity: name, leaseDurationSeconds, renewTime: toMicroTime(now) },
  });
}
