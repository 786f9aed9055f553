import type { PodNetwork, PodSandboxSpec, PortMapping } from '../../domain/container-runtime/pod-sandbox.ts';

/** What a member takes over from its sandbox: whose namespaces it joins. */
export type JoinedSandbox = {
  id: string;
  /** The container whose processes it sees; undefined is none but its own. */
  processesOf?: string;
  pidMode: string;
  ipcMode: string;
};

/** Those of a pod that begins with this container: its network and name, and what it has from the host. */
export function ownNamespaces(spec: PodSandboxSpec) {
  return {
    Hostname: spec.hostname,
    ExposedPorts: Object.fromEntries(spec.ports.map((port) => [exposed(port), {}])),
    ...(spec.network.mode === 'network' && { NetworkingConfig: { EndpointsConfig: endpoint(spec.network) } }),
    HostConfig: {
      NetworkMode: spec.network.mode === 'network' ? spec.network.network : spec.network.mode,
      PortBindings: portBindings(spec.ports),
      Sysctls: { ...spec.sysctls },
      ...(spec.dns && {
        Dns: [...spec.dns.servers],
        DnsSearch: [...spec.dns.searches],
        DnsOptions: [...spec.dns.options],
      }),
      ...(spec.hostPid && { PidMode: 'host' }),
      ...(spec.hostIpc && { IpcMode: 'host' }),
    },
  };
}

/** Docker refuses host name, DNS and ports here: they are the pause container's, and hold for all that join it. */
export const joinedNamespaces = ({ id, processesOf, pidMode, ipcMode }: JoinedSandbox) => ({
  NetworkMode: `container:${id}`,
  ...(ipcMode === 'host' && { IpcMode: 'host' }),
  // Only what was made shareable can be joined: pause containers are.
  ...(ipcMode === 'shareable' && { IpcMode: `container:${id}` }),
  ...(processesOf !== undefined && { PidMode: `container:${processesOf}` }),
  ...(pidMode === 'host' && { PidMode: 'host' }),
});

const endpoint = ({ network, ip }: Extract<PodNetwork, { mode: 'network' }>) => ({
  [network]: { IPAMConfig: { IPv4Address: ip } },
});

const exposed = ({ containerPort, protocol }: PortMapping): string => `${containerPort}/${protocol}`;

function portBindings(ports: readonly PortMapping[]): Record<string, { HostIp: string; HostPort: string }[]> {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of ports) {
    (bindings[exposed(port)] ??= []).push({ HostIp: port.hostIp ?? '', HostPort: String(port.hostPort) });
  }
  return bindings;
}
