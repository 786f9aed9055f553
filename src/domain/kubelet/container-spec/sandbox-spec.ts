import type { PodSandboxSpec, PortMapping } from '../../container-runtime/pod-sandbox.ts';
import type { Container, Pod } from '../../meta/types.ts';
import { attachmentLabels, type PodAttachment } from '../networks/pod-attachment.ts';
import { sidecarsOf } from '../pod/container-kinds.ts';
import { dotted } from '../pod/sysctl-refusal.ts';
import { engineName, sandboxLabels } from '../pod/pod-identity.ts';

/** What is known of a pod by the time its containers are made. */
export type PodContext = {
  pod: Pod;
  instance: string;
  network: string;
  hostname: string;
  /** Undefined for pods on the host's network. */
  ip?: string;
  /** Its further networks. */
  attachments?: readonly PodAttachment[];
};

/** The pod's shared namespaces (kubernetes pkg/kubelet/kuberuntime/kuberuntime_sandbox.go generatePodSandboxConfig). */
export function sandboxSpec({ pod, instance, network, ip, attachments, hostname }: PodContext): PodSandboxSpec {
  const spec = pod.spec!;
  const dns = dnsOf(pod);
  return {
    name: engineName(pod),
    labels: { ...sandboxLabels(pod, instance, ip), ...attachmentLabels(attachments) },
    hostname,
    network: spec.hostNetwork || ip === undefined ? { mode: 'host' } : { mode: 'network', network, ip },
    ...(attachments?.length ? { attachments } : {}),
    ...(dns === undefined ? {} : { dns }),
    ports: spec.hostNetwork ? [] : [...sidecarsOf(pod), ...spec.containers].flatMap(publishedPorts),
    sysctls: Object.fromEntries((spec.securityContext?.sysctls ?? []).map(({ name, value }) => [dotted(name), value])),
    shareProcessNamespace: spec.shareProcessNamespace ?? false,
    hostPid: spec.hostPID ?? false,
    hostIpc: spec.hostIPC ?? false,
  };
}

/** What is added to the engine's own settings; a pod that wants none of them has a file of its own. */
function dnsOf(pod: Pod): PodSandboxSpec['dns'] {
  const config = pod.spec?.dnsConfig;
  if (pod.spec?.dnsPolicy === 'None' || config === undefined) return undefined;
  return {
    servers: config?.nameservers ?? [],
    searches: config?.searches ?? [],
    options: (config?.options ?? []).map(({ name = '', value }) => (value === undefined ? name : `${name}:${value}`)),
  };
}

const publishedPorts = (container: Container): PortMapping[] =>
  (container.ports ?? [])
    .filter((port) => port.hostPort)
    .map((port) => ({
      containerPort: port.containerPort,
      hostPort: port.hostPort!,
      ...(port.hostIP ? { hostIp: port.hostIP } : {}),
      protocol: (port.protocol ?? 'TCP').toLowerCase() as PortMapping['protocol'],
    }));
