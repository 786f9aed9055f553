import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { step } from '../progress.ts';
import { installPackages } from './install-packages.ts';
import { mountCgroups } from './mount-cgroups.ts';
import { EXEC_DELAY_ONLY, type Machine, podmanConfig, writePodmanConfig } from './podman-config.ts';
import { programPath } from './program-path.ts';

const run = promisify(execFile);

/** Names are the same in Debian, Fedora and Alpine, but for what those pull in by themselves. */
const PACKAGES = ['podman', 'crun', 'runc', 'conmon', 'netavark', 'aardvark-dns', 'catatonit', 'iptables', 'nftables'];
export const PODMAN_SOCKET = '/run/podman/podman.sock';
const LOG = '/var/log/k2d-podman.log';

/** Installs Podman where it is missing and starts its API service on `socket`. The caller waits for the answer. */
export async function startPodmanService(socket: string): Promise<void> {
  if (!programPath('podman')) await installPackages(PACKAGES);
  await mountCgroups();
  const machine = await describeMachine();
  await writePodmanConfig(podmanConfig(machine));
  await step("Starting Podman's API service", () => (machine.systemd ? enableUnits() : startInBackground(socket)));
}

/** For a Podman that answers already: the setting k2d needs, and the service restarted where that is safe. */
export async function configurePodman(rootless: boolean): Promise<void> {
  if (!(await writePodmanConfig(EXEC_DELAY_ONLY, rootless))) return;
  // Socket activation brings it back at the next request; containers do not depend on it.
  if (hasSystemd()) await run('systemctl', [...(rootless ? ['--user'] : []), 'try-restart', 'podman.service']);
  else
    console.log(
      "Podman's settings were written; they apply from the next start of its service (execs leave processes behind until then).",
    );
}

async function enableUnits(): Promise<void> {
  await run('systemctl', ['enable', '--now', 'podman.socket']);
  // Starts containers with the policy `always` after a reboot; Podman has no daemon that would.
  await run('systemctl', ['enable', 'podman-restart.service']);
}

async function startInBackground(socket: string): Promise<void> {
  await mkdir(dirname(socket), { recursive: true });
  const log = await open(LOG, 'a');
  const service = spawn('podman', ['system', 'service', '--time=0', `unix://${socket}`], {
    cwd: dirname(socket), // conmon 2.1.6 writes a file `oom` into the folder in which the service was started
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  service.unref();
  await log.close();
}

/** sd_booted(3). */
const hasSystemd = () => existsSync('/run/systemd/system');

async function describeMachine(): Promise<Machine> {
  const [mounts, limits, pidMax] = await Promise.all(
    ['/proc/self/mountinfo', '/proc/self/limits', '/proc/sys/kernel/pid_max'].map((path) => readFile(path, 'utf8')),
  );
  return {
    systemd: hasSystemd(),
    cgroupVersion1: / - cgroup /.test(mounts ?? ''),
    hardLimits: {
      nofile: hardLimit(limits ?? '', 'Max open files'),
      // Podman lowers its own to kernel.pid_max when it starts.
      nproc: Math.min(hardLimit(limits ?? '', 'Max processes'), Number(pidMax)),
    },
  };
}

/** A line of /proc/self/limits: name, soft, hard, unit (proc(5)). */
function hardLimit(limits: string, name: string): number {
  const hard = new RegExp(`^${name}\\s+\\S+\\s+(\\S+)`, 'm').exec(limits)?.[1];
  return hard === undefined || hard === 'unlimited' ? Infinity : Number(hard);
}
