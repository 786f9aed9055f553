import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type Dockerode from 'dockerode';
import type { Config } from '../../src/config.ts';
import type { Engine } from './engine.ts';
import { HOST_ROOT, hostRoot, hostRootOfUser } from './host-root.ts';
import type { HostView } from './host-view.ts';
import { runtimeFolder } from './user-settings.ts';

export const INSTANCE_LABEL = 'k2d.io/instance';
/** Holds everything the container was made of: a second start with the same settings changes nothing. */
export const CONFIG_LABEL = 'k2d.io/config-hash';

/** What `docker run` would be told for k2d itself. Pure: the same settings, engine and image give the same container. */
export function k2dContainer(
  config: Pick<Config, 'instance' | 'dataPath' | 'port'>,
  env: NodeJS.ProcessEnv,
  engine: Pick<Engine, 'kind' | 'socket' | 'rootless' | 'dataRoot'>,
  image: { readonly name: string; readonly id: string },
  host: HostView,
): Dockerode.ContainerCreateOptions {
  const socket = engineSocket(engine.socket);
  const { HostConfig: place, ...identity } = engine.rootless
    ? amongPods(config, env)
    : onHost(engine.dataRoot, hostRoot(host));
  const spec: Dockerode.ContainerCreateOptions = {
    name: config.instance,
    Image: image.name,
    Env: [
      ...k2dVariables({
        ...env,
        K2D_RUNTIME: engine.kind,
        K2D_RUNTIME_SOCKET: socket.inContainer,
        K2D_HOST_ROOT: HOST_ROOT,
      }),
      'XTABLES_LOCKFILE=/host/run/xtables.lock',
    ],
    ...identity,
    HostConfig: {
      ...place,
      // Podman's start after a reboot takes `always` only (podman-restart.service).
      RestartPolicy: { Name: 'always' },
      ReadonlyRootfs: true,
      Tmpfs: { '/tmp': 'size=16m,mode=1777' },
      CapDrop: ['ALL'],
      // Those of its place, and: a K2D_PORT below 1024, and the owner and mode that a pod asks for of its volumes' files.
      CapAdd: [...place.CapAdd, 'NET_BIND_SERVICE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID'],
      // SELinux does not let a confined container use the engine's socket; no effect elsewhere.
      SecurityOpt: ['no-new-privileges', 'label=disable'],
      Mounts: [
        { Type: 'bind', Source: config.dataPath, Target: config.dataPath },
        ...(socket.mount ? [socket.mount] : []),
        ...place.Mounts,
      ],
      LogConfig: LOG_CONFIG[engine.kind],
    },
  };
  const hash = createHash('sha256')
    .update(JSON.stringify([spec, image.id]))
    .digest('hex');
  return { ...spec, Labels: { [INSTANCE_LABEL]: config.instance, [CONFIG_LABEL]: hash } };
}

/** Services are NAT rules of the host, and the API listens on every address the host ever gets. */
const onHost = (engineData: string, { Binds, Mounts }: ReturnType<typeof hostRoot>) => ({
  HostConfig: {
    NetworkMode: 'host',
    // NET_ADMIN for nft, conntrack and ip; NET_RAW for legacy iptables, which asks the kernel through a raw socket.
    CapAdd: ['NET_ADMIN', 'NET_RAW'],
    Binds,
    Mounts: [
      hostFolder('/run', '/host/run'),
      // route_localnet of k2d's bridge; /proc/sys itself is read-only in a container.
      { Type: 'bind' as const, Source: '/proc/sys/net', Target: '/hostnet' },
      // How full the engine's disk is can be asked of any folder on it. Docker takes no other propagation here: what it unmounts goes everywhere.
      hostFolder(engineData, '/host/engine-data', 'rslave'),
      ...Mounts,
    ],
  },
});

/**
 * Of an engine without root the host's network is out of reach, and so are pods from there. In the pods' own network k2d reaches them, its port is
 * published by the engine, and Services are rules of the namespace that holds the network's bridge: SYS_ADMIN, which is none of the host's, to enter it.
 * The namespaces' mounts follow those of the engine, so that no namespace outlives its pod.
 */
const amongPods = ({ instance, port }: Pick<Config, 'instance' | 'port'>, env: NodeJS.ProcessEnv) => ({
  Hostname: hostname(),
  ExposedPorts: { [`${port}/tcp`]: {} },
  HostConfig: {
    NetworkMode: instance,
    PortBindings: { [`${port}/tcp`]: [{ HostPort: String(port) }] },
    CapAdd: ['SYS_ADMIN', 'NET_ADMIN'],
    // As a mount with a propagation Podman 4.3 takes it without the mounts below it.
    Binds: [`${namespacesFolder(env)}:/host/netns:ro,rslave`, ...hostRootOfUser.Binds],
    Mounts: [],
  },
});

/** Where a user's Podman 4 keeps network namespaces (containernetworking/plugins pkg/testutils/netns_linux.go getNsRunDir). */
export const namespacesFolder = (env: NodeJS.ProcessEnv): string =>
  join(runtimeFolder(env, process.getuid?.() ?? 0), 'netns');

/** Every variable of k2d's, those of its tests apart, as `NAME=value`, in an order that does not depend on the caller's shell. */
function k2dVariables(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env)
    .filter(([name]) => name.startsWith('K2D_') && !name.startsWith('K2D_TEST_'))
    .map(([name, value]) => `${name}=${value}`)
    .toSorted();
}

/** A few MB of log at most: the devices have SD cards, and both engines' default has no bound. */
const LOG_CONFIG = {
  docker: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '2' } },
  podman: { Type: 'k8s-file', Config: { 'max-size': '2m' } },
} as const;

/**
 * The folder of the engine's socket is mounted, not the socket: an engine that restarts makes a new socket, and a mounted
 * file would stay the old one for ever. For the usual places that is the host's /run as a whole, because /run/podman need
 * not exist yet when the engine starts containers after a reboot (a missing mount source keeps a container from starting).
 * It gives nothing away: whoever has the engine's socket is root on the host. The lock that all users of legacy iptables
 * share lies in /run too.
 */
function engineSocket(path: string): { readonly inContainer: string; readonly mount?: Dockerode.MountSettings } {
  const belowRun = /^(?:\/var)?\/run\/((?:podman\/)?[^/]+)$/.exec(path)?.[1];
  if (belowRun) return { inContainer: `/host/run/${belowRun}` };
  return { inContainer: `/host/engine/${basename(path)}`, mount: hostFolder(dirname(path), '/host/engine') };
}

/**
 * Read-only, which is no obstacle to connecting to a socket. Not recursive: the network namespaces that are mounted below
 * /run would be held by k2d's container and outlive their pods.
 */
function hostFolder(
  source: string,
  target: string,
  propagation: 'private' | 'rslave' = 'private',
): Dockerode.MountSettings {
  const BindOptions = { ...notRecursive, Propagation: propagation };
  return { Type: 'bind', Source: source, Target: target, ReadOnly: true, BindOptions };
}

/** `NonRecursive` is missing in dockerode's types (Docker API 1.40, which Podman's Docker-compatible API follows). */
const notRecursive = { NonRecursive: true };
