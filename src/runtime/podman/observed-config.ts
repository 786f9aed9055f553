import type { Mount, ObservedConfig } from '../../domain/container-runtime/container.ts';
import type { PortMapping } from '../../domain/container-runtime/pod-sandbox.ts';
import { restartPolicy } from './container-state.ts';
import type { LibpodContainer, LibpodMount } from './libpod-answers.ts';

/** What a container was made with, as far as the port can say it, whoever made it. */
export function observedConfig(inspected: LibpodContainer): ObservedConfig {
  const { Config: config, HostConfig: hostConfig } = inspected;
  return {
    ...commandLine(inspected),
    env: Object.fromEntries(
      (config.Env ?? []).filter((pair) => !addedByPodman(pair, config.Hostname)).map(keyAndValue),
    ),
    workingDir: config.WorkingDir ?? '',
    user: config.User ?? '',
    hostname: config.Hostname ?? '',
    tty: config.Tty ?? false,
    stdin: config.OpenStdin ?? false,
    privileged: hostConfig.Privileged ?? false,
    capAdd: capabilities(hostConfig.CapAdd),
    capDrop: capabilities(hostConfig.CapDrop),
    readOnlyRootfs: hostConfig.ReadonlyRootfs ?? false,
    hostPid: hostConfig.PidMode === 'host',
    hostIpc: hostConfig.IpcMode === 'host',
    devices: (hostConfig.Devices ?? []).map(({ PathOnHost }) => PathOnHost),
    restart: restartPolicy(hostConfig.RestartPolicy?.Name),
    ports: Object.entries(hostConfig.PortBindings ?? {}).flatMap(portMappings),
    mounts: [...(inspected.Mounts ?? []).flatMap(mount), ...Object.entries(hostConfig.Tmpfs ?? {}).map(tmpfs)],
    resources: {
      ...positive('memoryBytes', hostConfig.Memory),
      ...positive('cpuShares', hostConfig.CpuShares),
      ...positive('cpuMillis', (hostConfig.NanoCpus ?? 0) / 1_000_000),
      ...(hostConfig.OomScoreAdj && { oomScoreAdj: hostConfig.OomScoreAdj }),
    },
  };
}

/** Podman 4 tells the entrypoint as one text, its words joined by spaces; Path and Args have the words, of entrypoint and command together. */
function commandLine({ Path, Args, Config }: LibpodContainer): { command: string[]; args: string[] } {
  const words = [Path, ...(Args ?? [])];
  const entrypoint = Array.isArray(Config.Entrypoint) ? Config.Entrypoint.join(' ') : (Config.Entrypoint ?? '');
  const length = entrypoint === '' ? 0 : 1 + words.findIndex((_, i) => words.slice(0, i + 1).join(' ') === entrypoint);
  return { command: words.slice(0, length), args: words.slice(length) };
}

/** libpod's own (podman pkg/specgen/generate/container.go, libpod/container_internal_common.go); nobody asked for them. */
const addedByPodman = (pair: string, hostname = ''): boolean =>
  pair === 'container=podman' || pair === 'TERM=xterm' || pair === `HOSTNAME=${hostname}`;

const capabilities = (names: readonly string[] | null | undefined): string[] =>
  (names ?? []).map((name) => name.replace(/^CAP_/, ''));

const keyAndValue = (pair: string): [string, string] => {
  const [key = ''] = pair.split('=', 1);
  return [key, pair.slice(key.length + 1)];
};

function portMappings([port, bindings]: [string, { HostIp: string; HostPort: string }[] | null]): PortMapping[] {
  const [containerPort, protocol] = port.split('/');
  return (bindings ?? []).map(({ HostIp, HostPort }) => ({
    containerPort: Number(containerPort),
    hostPort: Number(HostPort),
    ...(HostIp && HostIp !== '0.0.0.0' && { hostIp: HostIp }),
    protocol: protocol === 'udp' || protocol === 'sctp' ? protocol : 'tcp',
  }));
}

function mount({ Type, Name, Source, Destination, RW, Propagation }: LibpodMount): Mount[] {
  const where = { target: Destination, readOnly: !RW };
  if (Type === 'volume') return [{ kind: 'volume', volume: Name ?? '', ...where }];
  if (Type !== 'bind') return [];
  const propagation = Propagation === 'rslave' || Propagation === 'rshared' ? Propagation : 'private';
  return [{ kind: 'bind', source: Source, propagation, ...where }];
}

function tmpfs([target, options]: [string, string]): Mount {
  const [, bytes] = /(?:^|,)size=(\d+)(?:,|$)/.exec(options) ?? [];
  return { kind: 'tmpfs', target, ...(bytes && { sizeBytes: Number(bytes) }) };
}

const positive = <K extends string>(key: K, value = 0) =>
  (value > 0 ? { [key]: value } : {}) as Partial<Record<K, number>>;
