import type {
  ContainerResources,
  ContainerSecurity,
  ContainerSpec,
  Mount,
  ResourceLimit,
  SandboxPlace,
} from '../../domain/container-runtime/container.ts';
import type { NetworkSpec } from '../../domain/container-runtime/network.ts';
import type { PodNetwork, PodSandboxSpec } from '../../domain/container-runtime/pod-sandbox.ts';
import { addressRange } from './address-range.ts';
import { type HostNamespaces, hostNamespaceLabels } from './host-namespaces.ts';
import type { LibpodLimit } from './own-limits.ts';
import { macAddressOf } from './mac-address.ts';
import { attachmentToLibpod } from './secondary-network.ts';
import { signalNumber } from './signal-number.ts';

/** A container that never stops writing must not fill an SD card; conmon starts the one file anew when it is full. */
const logBytes = 10 * 1024 * 1024;
const cpuPeriodMicros = 100_000;

/** Body of `POST /containers/create` (podman pkg/specgen SpecGenerator). `pod` is what the container's sandbox takes from the host, `others` the limits beside its own. */
export const containerToLibpod = (spec: ContainerSpec, pod: HostNamespaces, others: readonly LibpodLimit[] = []) => ({
  name: spec.name,
  image: spec.image,
  // An entrypoint alone drops the image's command, a command alone keeps the image's entrypoint: as in Kubernetes.
  ...(spec.command && spec.command.length > 0 && { entrypoint: spec.command }),
  ...(spec.args && spec.args.length > 0 && { command: spec.args }),
  env: spec.env,
  ...(spec.workingDir !== undefined && { work_dir: spec.workingDir }),
  // Container runtimes for Kubernetes make the working directory; Podman refuses to start without it unless told so.
  create_working_dir: true,
  ...(spec.user !== undefined && { user: spec.user }),
  groups: spec.supplementalGroups.map(String),
  labels: spec.labels,
  volumes: spec.mounts.flatMap((mount) => (mount.kind === 'volume' ? [volumeMount(mount)] : [])),
  mounts: spec.mounts.flatMap((mount) =>
    mount.kind === 'volume' || mount.kind === 'image' ? [] : [mountToLibpod(mount)],
  ),
  ...imageVolumes(spec.mounts),
  devices: spec.devices.map(({ hostPath, containerPath, permissions }) => ({
    path: `${hostPath}:${containerPath}:${permissions}`,
  })),
  resource_limits: resourceLimits(spec.resources, spec.cpuset),
  ...(spec.limits && { r_limits: [...others, ...spec.limits.map(resourceLimit)] }),
  ...(spec.resources.oomScoreAdj !== undefined && { oom_score_adj: spec.resources.oomScoreAdj }),
  privileged: spec.security.privileged,
  // For a user other than root Podman makes added capabilities ambient, so they are effective at once; elsewhere they are not.
  cap_add: spec.security.capAdd,
  cap_drop: spec.security.capDrop,
  read_only_filesystem: spec.security.readOnlyRootfs,
  no_new_privileges: spec.security.noNewPrivileges,
  ...confinement(spec.security),
  restart_policy: spec.restart,
  ...(spec.stopSignal !== undefined && { stop_signal: signalNumber(spec.stopSignal) }),
  stop_timeout: spec.stopTimeoutSeconds,
  terminal: spec.tty,
  stdin: spec.stdin,
  log_configuration: { driver: 'k8s-file', size: logBytes },
  // Kubernetes knows no HEALTHCHECK of images; with systemd Podman would run it by a timer.
  healthconfig: { Test: ['NONE'] },
  ...sandboxToLibpod(spec.sandbox, pod),
});

function imageVolumes(mounts: readonly Mount[]) {
  const images = mounts.filter((mount) => mount.kind === 'image');
  const volumes = images.map(({ image, target }) => ({ Source: image, Destination: target, ReadWrite: false }));
  return volumes.length > 0 && { image_volumes: volumes };
}

function sandboxToLibpod(sandbox: SandboxPlace, host: HostNamespaces) {
  switch (sandbox.kind) {
    case 'member':
      return { pod: sandbox.id, ...processesOf(sandbox.processesOf), ...hostNamespaces(host) };
    case 'guest': {
      const joined = { nsmode: 'container', value: sandbox.of };
      const processes = processesOf(sandbox.sharesProcesses ? sandbox.of : undefined);
      return { netns: joined, utsns: joined, ipcns: joined, ...processes, ...hostNamespaces(host) };
    }
    case 'own':
      return ownSandbox(sandbox.spec);
  }
}

const processesOf = (id: string | undefined) => id !== undefined && { pidns: { nsmode: 'container', value: id } };

/** Body of `POST /pods/create` (podman pkg/specgen PodSpecGenerator). */
export const podToLibpod = (spec: PodSandboxSpec) => ({
  name: spec.name,
  labels: { ...spec.labels, ...hostNamespaceLabels(spec) },
  hostname: spec.hostname,
  netns: networkNamespace(spec.network),
  ...(spec.network.mode === 'network' && { Networks: staticAddresses(spec.network, spec.attachments) }),
  ...dns(spec),
  portmappings: portMappings(spec),
  sysctl: spec.sysctls,
  shared_namespaces: [
    'net',
    'uts',
    ...(spec.hostIpc ? [] : ['ipc']),
    ...(spec.shareProcessNamespace && !spec.hostPid ? ['pid'] : []),
  ],
});

/** A container in the network of another one, that ends with its input and is then removed; the first process of a container ignores signals. */
export const relayToLibpod = (
  name: string,
  place: { pod: string } | { of: string },
  image: string,
  command: readonly string[],
) => ({
  name,
  image,
  entrypoint: command,
  user: '65535:65535',
  stop_signal: 9,
  stdin: true,
  remove: true,
  cap_drop: ['ALL'],
  read_only_filesystem: true,
  no_new_privileges: true,
  log_configuration: { driver: 'none' },
  healthconfig: { Test: ['NONE'] },
  ...('pod' in place ? place : { netns: { nsmode: 'container', value: place.of } }),
});

/** Body of `POST /networks/create`. Names come from the pod's own hosts file and DNS settings, so the engine's DNS server is not started. */
export const networkToLibpod = (spec: NetworkSpec) => ({
  name: spec.name,
  labels: spec.labels,
  driver: 'bridge',
  network_interface: spec.bridge,
  subnets: [{ subnet: spec.subnet, gateway: spec.gateway, lease_range: leaseRange(spec.dynamicRange) }],
  dns_enabled: false,
});

const ownSandbox = (spec: PodSandboxSpec) => ({
  hostname: spec.hostname,
  netns: networkNamespace(spec.network),
  ...(spec.network.mode === 'network' && { networks: staticAddresses(spec.network, spec.attachments) }),
  ...dns(spec),
  portmappings: portMappings(spec),
  sysctl: spec.sysctls,
  ...hostNamespaces(spec),
});

const hostNamespaces = ({ hostPid, hostIpc }: HostNamespaces) => ({
  ...(hostPid && { pidns: { nsmode: 'host' } }),
  ...(hostIpc && { ipcns: { nsmode: 'host' } }),
});

const networkNamespace = ({ mode }: PodNetwork) => ({ nsmode: mode === 'network' ? 'bridge' : mode });

/** Beside others the pod network's interface has to be named, or it would be any of them that is called eth0. */
const staticAddresses = (
  { network, ip }: PodNetwork & { mode: 'network' },
  attachments: PodSandboxSpec['attachments'] = [],
) =>
  Object.fromEntries(
    [{ network, ip, mac: macAddressOf(ip), ...(attachments.length > 0 && { interface: 'eth0' }) }, ...attachments].map(
      (attachment) => [attachment.network, attachmentToLibpod(attachment)],
    ),
  );

const dns = ({ dns: config }: PodSandboxSpec) =>
  config && { dns_server: config.servers, dns_search: config.searches, dns_option: config.options };

const portMappings = ({ ports }: PodSandboxSpec) =>
  ports.map(({ containerPort, hostPort, hostIp, protocol }) => ({
    container_port: containerPort,
    host_port: hostPort,
    host_ip: hostIp ?? '',
    protocol,
  }));

/** Without `nocopy` an empty volume is filled with what the image has at the target, which Kubernetes never does. */
const volumeMount = ({ volume, target, readOnly }: Mount & { kind: 'volume' }) => ({
  Name: volume,
  Dest: target,
  Options: ['nocopy', readOnly ? 'ro' : 'rw'],
});

const mountToLibpod = (mount: Mount & { kind: 'bind' | 'tmpfs' }) =>
  mount.kind === 'bind'
    ? {
        type: 'bind',
        source: mount.source,
        destination: mount.target,
        options: [
          'rbind',
          mount.readOnly ? 'ro' : 'rw',
          mount.propagation === 'private' ? 'rprivate' : mount.propagation,
        ],
      }
    : {
        type: 'tmpfs',
        source: 'tmpfs',
        destination: mount.target,
        options: ['notmpcopyup', 'mode=1777', ...(mount.sizeBytes === undefined ? [] : [`size=${mount.sizeBytes}`])],
      };

/** As containers/podman pkg/specgen ContainerSecurityConfig has them; `ALL` unmasks every path that is hidden or read-only. */
const confinement = ({ seccomp, appArmor, seLinux, unmaskedProc }: ContainerSecurity) => ({
  ...(seccomp && { seccomp_profile_path: seccomp.kind === 'file' ? seccomp.path : seccomp.kind }),
  ...(appArmor !== undefined && { apparmor_profile: appArmor }),
  ...(seLinux && { selinux_opts: Object.entries(seLinux).map(([part, value]) => `${part}:${value}`) }),
  ...(unmaskedProc && { unmask: ['ALL'] }),
});

/** The kernel's number for no limit, 2^64 - 1, is none that JavaScript has: more bytes than any machine's memory do as well. */
const resourceLimit = ({ name, value }: ResourceLimit): LibpodLimit => {
  const bound = Math.min(value, Number.MAX_SAFE_INTEGER);
  return { type: name, soft: bound, hard: bound };
};

/** `swap` counts memory and swap together: equal means no swap, as in Kubernetes; unset would mean twice the memory. */
const resourceLimits = ({ memoryBytes, cpuShares, cpuMillis }: ContainerResources, cpuset: string | undefined) => ({
  ...(memoryBytes !== undefined && { memory: { limit: memoryBytes, swap: memoryBytes } }),
  cpu: {
    ...(cpuset !== undefined && { cpus: cpuset }),
    ...(cpuShares !== undefined && { shares: cpuShares }),
    ...(cpuMillis !== undefined && cpuQuota(cpuMillis)),
  },
});

/** Body of `POST /containers/ID/update` (OCI runtime-spec LinuxResources): -1 lifts a limit. How OOM kills choose cannot be changed. */
export const updateToLibpod = ({ memoryBytes = -1, cpuShares = 1024, cpuMillis }: ContainerResources) => ({
  memory: { limit: memoryBytes, swap: memoryBytes },
  cpu: { shares: cpuShares, quota: -1, period: cpuPeriodMicros, ...(cpuMillis !== undefined && cpuQuota(cpuMillis)) },
});

const cpuQuota = (cpuMillis: number) => ({ quota: Math.max(1000, cpuMillis * 100), period: cpuPeriodMicros });

const leaseRange = (cidr: string) => {
  const { first, last } = addressRange(cidr);
  return { start_ip: first, end_ip: last };
};
