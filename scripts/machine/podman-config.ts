import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const DROP_IN = 'containers/containers.conf.d/90-k2d.conf';

export interface Machine {
  readonly systemd: boolean;
  readonly cgroupVersion1: boolean;
  /** The hard limits of this process: what Podman can give to a container at most without CAP_SYS_RESOURCE. */
  readonly hardLimits: { readonly nofile: number; readonly nproc: number };
}

/** Podman's own defaults of 4.x and 5.x for a container. */
const PODMAN_ULIMIT = 1_048_576;

/** Writes containers.conf(5)'s drop-in unless there is one of k2d's. Returns whether it did; Podman reads it when its service starts. */
export async function writePodmanConfig(text: string, rootless = false): Promise<boolean> {
  const path = join(rootless ? userFolder() : '/etc', DROP_IN);
  if (existsSync(path)) return false;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return true;
}

const userFolder = (): string => process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config');

/** For a Podman that somebody else set up: nothing but the one setting without which k2d's probes cost memory. */
export const EXEC_DELAY_ONLY = `# Written by k2d. Podman reads it when its service starts.
[engine]
# Each exec leaves two processes behind for this many seconds; the default of 300 adds up to megabytes under probes.
exit_command_delay = 5
`;

/** For a Podman that k2d starts: also what this machine cannot do without. */
export function podmanConfig({ systemd, cgroupVersion1, hardLimits }: Machine): string {
  const lines = [EXEC_DELAY_ONLY.trimEnd()];
  if (cgroupVersion1) lines.push('# crun refuses a layout of cgroup version 1 and 2 side by side.', 'runtime = "runc"');
  if (!systemd) lines.push('cgroup_manager = "cgroupfs"', 'events_logger = "file"');
  const nofile = Math.min(hardLimits.nofile, PODMAN_ULIMIT);
  const nproc = Math.min(hardLimits.nproc, PODMAN_ULIMIT);
  if (Math.min(nofile, nproc) < PODMAN_ULIMIT) {
    lines.push(
      '[containers]',
      "# Podman asks for 1048576 of each, and cannot give more than its service's hard limit.",
    );
    lines.push(`default_ulimits = ["nofile=${nofile}:${nofile}", "nproc=${nproc}:${nproc}"]`);
  }
  return `${lines.join('\n')}\n`;
}
