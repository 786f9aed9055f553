import { readFile } from 'node:fs/promises';

/** As libpod takes it in `r_limits`. */
export type LibpodLimit = { type: string; soft: number; hard: number };

/**
 * A container that is given one limit loses the engine's `default_ulimits`: those of open files and processes become 1048576
 * (containers/podman pkg/specgen/generate/oci.go addRlimits), which an engine without CAP_SYS_RESOURCE may not set. k2d itself has the
 * engine's defaults when it runs in a container, and can pass them on.
 */
export async function ownLimits(): Promise<LibpodLimit[]> {
  const [limits, maxPid] = await Promise.all([
    readFile('/proc/self/limits', 'utf8'),
    readFile('/proc/sys/kernel/pid_max', 'utf8'),
  ]);
  return parseLimits(limits, Number(maxPid));
}

/** `proc_pid_limits(5)`; what has no bound is left out. Podman takes no more processes than the kernel has numbers for. */
export const parseLimits = (text: string, maxProcesses: number): LibpodLimit[] =>
  [
    { type: 'nofile', line: 'Max open files', most: Infinity },
    { type: 'nproc', line: 'Max processes', most: maxProcesses },
  ].flatMap(({ type, line, most }) => {
    const [, soft, hard] = new RegExp(`^${line} +(\\d+) +(\\d+)`, 'm').exec(text) ?? [];
    return hard === undefined ? [] : [{ type, soft: Math.min(Number(soft), most), hard: Math.min(Number(hard), most) }];
  });
