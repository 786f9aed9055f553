import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import type Dockerode from 'dockerode';
import type { Config } from '../../src/config.ts';
import type { Engine } from './engine.ts';
import type { HostView } from './host-view.ts';

export const INSTANCE_LABEL = 'k2d.io/instance';
/** Holds everything the container was made of: a second start with the same settings changes nothing. */
export const CONFIG_LABEL = 'k2d.io/config-hash';

const HOST_ROOT = '/host/root';

/** What `docker run` would be told for k2d itself. Pure: the same settings, engine and image give the same container. */
export function k2dContainer(
  config: Pick<Config, 'instance' | 'dataPath'>,
  env: NodeJS.ProcessEnv,
  engine: Pick<Engine, 'kind' | 'socket'>,
  image: { readonly name: string; readonly id: string },
  host: Pick<HostView, 'rootIsShared'>,
): Dockerode.ContainerCreateOptions {
  const socket = engineSocket(engine.socket);
  const seen = hostRoot(host);
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
    HostConfig: {
      // Services are NAT rules of the host, and the API listens on every address the host ever gets.
      NetworkMode: 'host',
      // Podman's start after a reboot takes `always` only (podman-restart.service).
      RestartPolicy: { Name: 'always' },
      ReadonlyRootfs: true,
      Tmpfs: { '/tmp': 'size=16m,mode=1777' },
      CapDrop: ['ALL'],
      // NET_ADMIN for nft, conntrack and ip; NET_RAW for legacy iptables, which asks the kernel through a raw socket;
      // NET_BIND_SERVICE for a K2D_PORT below 1024; the others give volume files the owner and mode that a pod asks for.
      CapAdd: ['NET_ADMIN', 'NET_RAW', 'NET_BIND_SERVICE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER'],
      // SELinux does not let a confined container use the engine's socket; no effect elsewhere.
      SecurityOpt: ['no-new-privileges', 'label=disable'],
      ...(seen.Binds && { Binds: seen.Binds }),
      Mounts: [
        { Type: 'bind', Source: config.dataPath, Target: config.dataPath },
        hostFolder('/run', '/host/run'),
        ...(socket.mount ? [socket.mount] : []),
        // route_localnet of k2d's bridge; /proc/sys itself is read-only in a container.
        { Type: 'bind', Source: '/proc/sys/net', Target: '/hostnet' },
        ...seen.Mounts,
      ],
      LogConfig: LOG_CONFIG[engine.kind],
    },
  };
  const hash = createHash('sha256')
    .update(JSON.stringify([spec, image.id]))
    .digest('hex');
  return { ...spec, Labels: { [INSTANCE_LABEL]: config.instance, [CONFIG_LABEL]: hash } };
}

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
 * For hostPath volumes: their types are checked, and directories made. As a slave of a shared root it shows what the host mounts and
 * unmounts later. Where the root is private (no systemd), a recursive mount would hold every mount that the host has now, so that
 * nothing could be unmounted: there k2d sees the root's own file system and /dev.
 */
const hostRoot = ({ rootIsShared }: Pick<HostView, 'rootIsShared'>): Pick<Dockerode.HostConfig, 'Binds'> & Mounted =>
  rootIsShared
    ? { Binds: [`/:${HOST_ROOT}:rslave`], Mounts: [] }
    : {
        Binds: [`/dev:${HOST_ROOT}/dev:rprivate`],
        // Docker refuses a private mount of what its own folder is in, but takes one that says nothing, and makes it private.
        Mounts: [{ Type: 'bind', Source: '/', Target: HOST_ROOT, BindOptions: byDefault }],
      };

/** What has options beside its propagation Podman's Docker-compatible API mounts without what is below it (4.3): hence `Binds`. */
type Mounted = { Mounts: Dockerode.MountSettings[] };

/**
 * Read-only, which is no obstacle to connecting to a socket. Not recursive: the network namespaces that are mounted below
 * /run would be held by k2d's container and outlive their pods.
 */
function hostFolder(source: string, target: string): Dockerode.MountSettings {
  return { Type: 'bind', Source: source, Target: target, ReadOnly: true, BindOptions: notRecursive };
}

/** `NonRecursive` is missing in dockerode's types (Docker API 1.40, which Podman's Docker-compatible API follows). */
const notRecursive = { Propagation: 'private' as const, NonRecursive: true };

/** Whatever propagation the engine takes by itself; its types want one. */
const byDefault = { NonRecursive: true } as unknown as typeof notRecursive;
