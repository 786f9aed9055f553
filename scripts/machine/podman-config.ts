import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const PATH = '/etc/containers/containers.conf.d/90-k2d.conf';

export interface Machine {
  readonly systemd: boolean;
  readonly cgroupVersion1: boolean;
  /** The hard limits of this process: what Podman can give to a container at most without CAP_SYS_RESOURCE. */
  readonly hardLimits: { readonly nofile: number; readonly nproc: number };
}

/** Podman's own defaults of 4.x and 5.x for a container. */
const PODMAN_ULIMIT = 1_048_576;

/** Writes what k2d needs Podman to do differently. Returns whether that was news; Podman reads it when its service starts. */
export async function writePodmanConfig(machine: Machine): Promise<boolean> {
  const wanted = podmanConfig(machine);
  if ((await readFile(PATH, 'utf8').catch(() => '')) === wanted) return false;
  await mkdir(dirname(PATH), { recursive: true });
  await writeFile(PATH, wanted);
  return true;
}

/** The text of a containers.conf(5) drop-in: only what this machine needs. */
export function podmanConfig({ systemd, cgroupVersion1, hardLimits }: Machine): string {
  const { nofile, nproc } = hardLimits;
  const lowered = nofile < PODMAN_ULIMIT || nproc < PODMAN_ULIMIT;
  return [
    '# Written by k2d. Podman reads it when its service starts.',
    ...(lowered
      ? [
          '[containers]',
          '# More than the hard limit of the service cannot be given, and Podman asks for 1048576.',
          `default_ulimits = ["nofile=${Math.min(nofile, PODMAN_ULIMIT)}:${Math.min(nofile, PODMAN_ULIMIT)}", "nproc=${Math.min(nproc, PODMAN_ULIMIT)}:${Math.min(nproc, PODMAN_ULIMIT)}"]`,
        ]
      : []),
    '[engine]',
    '# Each exec leaves two processes behind for this many seconds; the default of 300 adds up to megabytes under probes.',
    'exit_command_delay = 5',
    ...(cgroupVersion1 ? ['# crun refuses a layout of cgroup version 1 and 2 side by side.', 'runtime = "runc"'] : []),
    ...(systemd ? [] : ['cgroup_manager = "cgroupfs"', 'events_logger = "file"']),
    '[network]',
    '# Names between containers resolve with this one only.',
    'network_backend = "netavark"',
    '',
  ].join('\n');
}
