import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import type Dockerode from 'dockerode';
import type { Config } from '../../src/config.ts';
import type { Engine } from './find-engine.ts';

export const INSTANCE_LABEL = 'k2d.io/instance';
/** Holds everything the container was made of: a second start with the same settings changes nothing. */
export const CONFIG_LABEL = 'k2d.io/config-hash';

/** What `docker run` would be told for k2d itself. Pure: the same settings, engine and image give the same container. */
export function k2dContainer(
  config: Pick<Config, 'instance' | 'dataPath'>,
  env: NodeJS.ProcessEnv,
  engine: Pick<Engine, 'kind' | 'socket'>,
  imageId: string,
): Dockerode.ContainerCreateOptions {
  const socketFolder = hostFolderMount(dirname(engine.socket));
  const spec: Dockerode.ContainerCreateOptions = {
    name: config.instance,
    Image: imageId,
    Env: [
      ...k2dVariables({
        ...env,
        K2D_RUNTIME: engine.kind,
        K2D_RUNTIME_SOCKET: `${socketFolder.inContainer}/${basename(engine.socket)}`,
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
      // NET_ADMIN for nft, conntrack and ip; the others to give volume files the owner and mode that a pod asks for.
      CapAdd: ['NET_ADMIN', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER'],
      // SELinux does not let a confined container use the engine's socket; no effect elsewhere.
      SecurityOpt: ['no-new-privileges', 'label=disable'],
      Binds: [
        `${config.dataPath}:${config.dataPath}`,
        ...new Set(['/run:/host/run:ro', socketFolder.bind]),
        // route_localnet of k2d's bridge; /proc/sys itself is read-only in a container.
        '/proc/sys/net:/hostnet',
      ],
      LogConfig: LOG_CONFIG[engine.kind],
    },
  };
  const hash = createHash('sha256').update(JSON.stringify(spec)).digest('hex');
  return { ...spec, Labels: { [INSTANCE_LABEL]: config.instance, [CONFIG_LABEL]: hash } };
}

/** Every variable of k2d's, as `NAME=value`, in an order that does not depend on the caller's shell. */
function k2dVariables(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env)
    .filter(([name]) => name.startsWith('K2D_'))
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
 * Read-only is no obstacle to connecting. It gives nothing away: whoever has the engine's socket is root on the host. The
 * lock that all users of legacy iptables share lies there too.
 */
function hostFolderMount(folder: string): { bind: string; inContainer: string } {
  const below = /^(?:\/var)?\/run(\/.*)?$/.exec(folder);
  if (below) return { bind: '/run:/host/run:ro', inContainer: `/host/run${below[1] ?? ''}` };
  return { bind: `${folder}:/host/engine:ro`, inContainer: '/host/engine' };
}
