import type { RuntimeInfo } from '../../container-runtime/container-runtime.ts';
import { toTime } from '../../meta/clock.ts';
import type { Node, ResourceList } from '../../meta/types.ts';
import { allocatableOf } from './node-capacity.ts';

export type NodeFacts = {
  info: RuntimeInfo;
  name: string;
  hostIp: string;
  /** What kubectl shows as the node's version. */
  kubeletVersion: string;
  machineId: string;
  maxPods: number;
  reserved: ResourceList;
  ready: boolean;
  now: Date;
};

const architectures: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64', armv7l: 'arm' };

export const newNode = ({ info, name }: NodeFacts): Node => ({
  metadata: { name, labels: nodeLabels(name, info) },
  spec: {},
});

/** The labels that every kubelet sets (k8s.io/api/core/v1/well_known_labels.go), with the role that single nodes show. */
const nodeLabels = (name: string, info: RuntimeInfo): Record<string, string> => ({
  'kubernetes.io/hostname': name,
  'kubernetes.io/os': 'linux',
  'kubernetes.io/arch': architectures[info.architecture] ?? info.architecture,
  'node-role.kubernetes.io/control-plane': '',
});

/** What does not change while k2d runs; node-observation.ts adds what does (kubernetes pkg/kubelet/nodestatus/setters.go). */
export function nodeStatus(node: Node, facts: NodeFacts): NonNullable<Node['status']> {
  const { info } = facts;
  const capacity = {
    ...node.status?.capacity,
    cpu: String(info.cpus),
    memory: `${Math.floor(info.memoryBytes / 1024)}Ki`,
    pods: String(facts.maxPods),
  };
  return {
    ...node.status,
    capacity,
    allocatable: allocatableOf(capacity, facts.reserved),
    addresses: [
      { type: 'InternalIP', address: facts.hostIp },
      { type: 'Hostname', address: facts.name },
    ],
    conditions: conditionsOf(node, facts),
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      machineID: facts.machineId,
      systemUUID: facts.machineId,
      bootID: node.status?.nodeInfo?.bootID ?? facts.machineId,
      kernelVersion: info.kernelVersion,
      osImage: info.operatingSystem,
      containerRuntimeVersion: `${info.name}://${info.version}`,
      kubeletVersion: facts.kubeletVersion,
      kubeProxyVersion: facts.kubeletVersion,
      operatingSystem: 'linux',
      architecture: architectures[info.architecture] ?? info.architecture,
    },
  };
}

function conditionsOf(node: Node, { ready, now }: NodeFacts) {
  const ok = ready
    ? { status: 'True', reason: 'KubeletReady', message: 'the container engine answers' }
    : { status: 'False', reason: 'KubeletNotReady', message: 'the container engine does not answer' };
  const { conditions = [] } = node.status ?? {};
  const before = conditions.find((c) => c.type === 'Ready');
  const changed = before?.status !== ok.status;
  return [
    ...conditions.filter((c) => c.type !== 'Ready'),
    {
      type: 'Ready',
      ...ok,
      lastHeartbeatTime: changed ? toTime(now) : before.lastHeartbeatTime!,
      lastTransitionTime: changed ? toTime(now) : before.lastTransitionTime!,
    },
  ];
}
