import type { ContainerInspectInfo, HostConfig } from 'dockerode';
import type { ContainerResources, Mount, ObservedConfig } from '../../domain/container-runtime/container.ts';
import type { PortMapping } from '../../domain/container-runtime/pod-sandbox.ts';
import { NO_MEMORY_LIMIT } from './to-docker.ts';

/** What a container was made with, as far as the port can say it, whoever made it. */
export function observedConfig(inspected: ContainerInspectInfo): ObservedConfig {
  const { Config: config, HostConfig: host } = inspected;
  return {
    command: [config.Entrypoint ?? []].flat(),
    args: config.Cmd ?? [],
    env: Object.fromEntries((config.Env ?? []).map(keyAndValue)),
    workingDir: config.WorkingDir,
    user: config.User,
    hostname: config.Hostname,
    tty: config.Tty,
    stdin: config.OpenStdin,
    privileged: host.Privileged ?? false,
    capAdd: capabilities(host.CapAdd),
    capDrop: capabilities(host.CapDrop),
    readOnlyRootfs: host.ReadonlyRootfs ?? false,
    hostPid: host.PidMode === 'host',
    hostIpc: host.IpcMode === 'host',
    devices: ((host.Devices ?? []) as { PathOnHost: string }[]).map(({ PathOnHost }) => PathOnHost),
    restart: restartPolicy(host.RestartPolicy?.Name),
    ports: publishedPorts(inspected),
    mounts: [
      ...inspected.Mounts.flatMap((mounted) => mount(mounted, host)),
      ...Object.entries((host.Tmpfs ?? {}) as Record<string, string>).map(tmpfs),
    ],
    resources: resources(host),
  };
}

function keyAndValue(variable: string): [string, string] {
  const [key = '', ...value] = variable.split('=');
  return [key, value.join('=')];
}

function restartPolicy(name: string | undefined): ObservedConfig['restart'] {
  if (name === 'always' || name === 'unless-stopped') return 'always';
  return name === 'on-failure' ? 'on-failure' : 'no';
}

type Bindings = Record<string, { HostIp: string; HostPort: string }[] | null>;

/** While it runs the engine tells the ports it chose, once for each family of addresses; else there is what was asked for. */
function publishedPorts({ NetworkSettings, HostConfig }: ContainerInspectInfo): PortMapping[] {
  const chosen = portMappings(NetworkSettings.Ports ?? {});
  return chosen.length > 0 ? chosen : portMappings((HostConfig.PortBindings ?? {}) as Bindings);
}

const portMappings = (ports: Bindings): PortMapping[] =>
  Object.entries(ports).flatMap(([exposed, bindings]) => {
    const [port, protocol] = exposed.split('/');
    return (bindings ?? [])
      .filter(({ HostIp }) => HostIp !== '::')
      .map(({ HostIp, HostPort }) => ({
        containerPort: Number(port),
        hostPort: Number(HostPort),
        ...(HostIp !== '' && HostIp !== '0.0.0.0' && { hostIp: HostIp }),
        protocol: protocol === 'udp' || protocol === 'sctp' ? protocol : 'tcp',
      }));
  });

function mount(mounted: ContainerInspectInfo['Mounts'][number], host: HostConfig): Mount[] {
  const { Type, Source: source, Destination: target, RW } = mounted;
  const readOnly = !RW;
  switch (Type) {
    case 'bind':
      return [{ kind: 'bind', source, target, readOnly, propagation: propagation(mounted.Propagation) }];
    case 'volume':
      return [{ kind: 'volume', volume: mounted.Name ?? source, target, readOnly }];
    case 'tmpfs': {
      const sizeBytes = host.Mounts?.find(({ Target }) => Target === target)?.TmpfsOptions?.SizeBytes;
      return [{ kind: 'tmpfs', target, ...(sizeBytes !== undefined && { sizeBytes }) }];
    }
    case 'image':
    case 'npipe':
    case 'cluster':
      return [];
  }
}

/** `--tmpfs`, with the options of mount(8). */
function tmpfs([target, options]: [string, string]): Mount {
  const [, amount, unit = ''] = /(?:^|,)size=(\d+)([kmg]?)(?:,|$)/i.exec(options) ?? [];
  const factor = 1024 ** ['', 'k', 'm', 'g'].indexOf(unit.toLowerCase());
  return { kind: 'tmpfs', target, ...(amount && { sizeBytes: Number(amount) * factor }) };
}

const capabilities = (names: readonly string[] | null | undefined): string[] =>
  (names ?? []).map((name) => name.replace(/^CAP_/, ''));

function propagation(name: string): 'private' | 'rslave' | 'rshared' {
  if (name === 'rshared' || name === 'shared') return 'rshared';
  return name === 'rslave' || name === 'slave' ? 'rslave' : 'private';
}

/** Docker writes 0 for no limit. `--cpus` is kept as NanoCpus, a quota of one's own as quota and period. */
function resources({ Memory, CpuShares, CpuQuota, CpuPeriod, NanoCpus, OomScoreAdj }: HostConfig): ContainerResources {
  const cpuMillis = NanoCpus
    ? NanoCpus / 1e6
    : CpuQuota && CpuQuota > 0
      ? (CpuQuota * 1000) / (CpuPeriod || 100_000)
      : 0;
  return {
    ...(Memory && Memory < NO_MEMORY_LIMIT && { memoryBytes: Memory }),
    ...(CpuShares && { cpuShares: CpuShares }),
    ...(cpuMillis && { cpuMillis }),
    ...(OomScoreAdj && { oomScoreAdj: OomScoreAdj }),
  };
}
