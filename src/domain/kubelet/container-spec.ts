import type { ContainerResources, ContainerSecurity, ContainerSpec, Mount } from '../container-runtime/container.ts';
import type { PodSandboxSpec, PortMapping } from '../container-runtime/pod-sandbox.ts';
import { quantityMilli, quantityValue } from '../meta/quantity.ts';
import type { Container, Pod } from '../meta/types.ts';
import { expandVariables } from './expand-variables.ts';
import { podHostname } from './pod-hostname.ts';
import { containerLabels, engineName, sandboxLabels } from './pod-identity.ts';

/** What is known of a pod by the time its containers are made. */
export type PodContext = {
  pod: Pod;
  instance: string;
  network: string;
  /** Undefined for pods on the host's network. */
  ip?: string;
};

export type ContainerContext = PodContext & {
  container: Container;
  isInit: boolean;
  attempt: number;
  env: Readonly<Record<string, string>>;
  mounts: readonly Mount[];
  /** The id of a running sandbox, if the pod has one. */
  sandboxId?: string;
};

/** The pod's shared namespaces (kubernetes pkg/kubelet/kuberuntime/kuberuntime_sandbox.go generatePodSandboxConfig). */
export function sandboxSpec({ pod, instance, network, ip }: PodContext): PodSandboxSpec {
  const spec = pod.spec!;
  const dns = dnsOf(pod);
  return {
    name: engineName(pod),
    labels: sandboxLabels(pod, instance, ip),
    hostname: podHostname(pod),
    network: spec.hostNetwork || ip === undefined ? { mode: 'host' } : { mode: 'network', network, ip },
    ...(dns === undefined ? {} : { dns }),
    ports: spec.hostNetwork ? [] : [...spec.containers].flatMap(publishedPorts),
    sysctls: Object.fromEntries((spec.securityContext?.sysctls ?? []).map(({ name, value }) => [name, value])),
    shareProcessNamespace: spec.shareProcessNamespace ?? false,
    hostPid: spec.hostPID ?? false,
    hostIpc: spec.hostIPC ?? false,
  };
}

/** One container as the engine must make it (kuberuntime_container.go generateContainerConfig). */
export function containerSpec(context: ContainerContext): ContainerSpec {
  const { pod, container, instance, ip, attempt, env } = context;
  const expanded = (words: readonly string[] | undefined) => words?.map((word) => expandVariables(word, env));
  const command = container.command?.length ? expanded(container.command) : undefined;
  const args = container.args?.length ? expanded(container.args) : undefined;
  const user = userOf(pod, container);
  return {
    name: engineName(pod, container.name),
    image: container.image ?? '',
    ...(command === undefined ? {} : { command }),
    ...(args === undefined ? {} : { args }),
    env,
    ...(container.workingDir ? { workingDir: container.workingDir } : {}),
    ...(user === undefined ? {} : { user }),
    supplementalGroups: groupsOf(pod),
    labels: containerLabels(pod, container, instance, ip, attempt),
    mounts: context.mounts,
    devices: [],
    resources: resourcesOf(container),
    security: securityOf(container),
    restart: restartPolicy(pod, context.isInit),
    stopTimeoutSeconds: pod.spec?.terminationGracePeriodSeconds ?? 30,
    tty: container.tty ?? false,
    stdin: container.stdin ?? false,
    stdinOnce: container.stdinOnce ?? false,
    sandbox:
      context.sandboxId === undefined
        ? { kind: 'own', spec: sandboxSpec(context) }
        : { kind: 'member', id: context.sandboxId },
  };
}

/**
 * The engine keeps the workload alive while k2d is away and after a reboot; `always` is the only policy that every engine
 * honours at boot. Init containers must not start again once they have succeeded.
 */
function restartPolicy(pod: Pod, isInit: boolean): ContainerSpec['restart'] {
  const policy = pod.spec?.restartPolicy ?? 'Always';
  if (policy === 'Never') return 'no';
  return policy === 'OnFailure' || isInit ? 'on-failure' : 'always';
}

function dnsOf(pod: Pod): PodSandboxSpec['dns'] {
  const config = pod.spec?.dnsConfig;
  if (pod.spec?.dnsPolicy !== 'None' && config === undefined) return undefined;
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

function userOf(pod: Pod, container: Container): string | undefined {
  const user = container.securityContext?.runAsUser ?? pod.spec?.securityContext?.runAsUser;
  const group = container.securityContext?.runAsGroup ?? pod.spec?.securityContext?.runAsGroup;
  if (user === undefined && group === undefined) return undefined;
  return group === undefined ? String(user) : `${user ?? 0}:${group}`;
}

function groupsOf(pod: Pod): number[] {
  const { supplementalGroups = [], fsGroup } = pod.spec?.securityContext ?? {};
  return fsGroup === undefined ? supplementalGroups : [...supplementalGroups, fsGroup];
}

/** Shares as the kubelet computes them from the request (pkg/kubelet/cm MilliCPUToShares: 2 to 262144). */
function resourcesOf(container: Container): ContainerResources {
  const { limits = {}, requests = {} } = container.resources ?? {};
  const cpuRequest = requests['cpu'] ?? limits['cpu'];
  return {
    ...(limits['memory'] === undefined ? {} : { memoryBytes: quantityValue(limits['memory']) }),
    ...(limits['cpu'] === undefined ? {} : { cpuMillis: quantityMilli(limits['cpu']) }),
    cpuShares:
      cpuRequest === undefined
        ? 2
        : Math.min(262_144, Math.max(2, Math.floor((quantityMilli(cpuRequest) * 1024) / 1000))),
  };
}

const securityOf = ({ securityContext: context }: Container): ContainerSecurity => ({
  privileged: context?.privileged ?? false,
  capAdd: (context?.capabilities?.add ?? []).map(withoutPrefix),
  capDrop: (context?.capabilities?.drop ?? []).map(withoutPrefix),
  readOnlyRootfs: context?.readOnlyRootFilesystem ?? false,
  noNewPrivileges: context?.allowPrivilegeEscalation === false,
});

const withoutPrefix = (capability: string): string => capability.replace(/^CAP_/, '');
