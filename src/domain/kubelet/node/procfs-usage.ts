import type { NodeUsage } from '../../resources/node-usage.ts';

/** What the kernel tells at once; a rate takes two of these. */
export type CpuAndMemory = Omit<NodeUsage, 'windowMs' | 'cpuNanoCores' | 'disk'>;

/** A tick of /proc/stat: USER_HZ is 100 on every architecture of Linux that Node runs on. */
const nanosPerTick = 10_000_000;

/** proc(5); undefined when a line is missing that every Linux has. */
export async function readProcfs(
  read: (path: string) => Promise<string>,
  now: () => Date,
): Promise<CpuAndMemory | undefined> {
  const paths = ['/proc/stat', '/proc/meminfo', '/proc/loadavg', '/proc/sys/kernel/pid_max'];
  const [stat = '', meminfo = '', loadavg = '', pidMax = ''] = await Promise.all(paths.map(read));
  const time = now();
  const cpuTicks = busyTicks(stat);
  const startedAt = /^btime (\d+)$/m.exec(stat)?.[1];
  const bytes = (name: string) => kibibytes(meminfo, name) * 1024;
  const [total, free, inactiveFile] = [bytes('MemTotal'), bytes('MemFree'), bytes('Inactive(file)')];
  const processes = /\/(\d+)/.exec(loadavg)?.[1];
  if (cpuTicks === undefined || Number.isNaN(total + free + inactiveFile)) return undefined;
  return {
    time,
    cpuNanos: cpuTicks * nanosPerTick,
    startedAt: new Date(Number(startedAt ?? 0) * 1000),
    memoryTotalBytes: total,
    // As the kubelet has it for the root of all control groups (opencontainers/cgroups fs2/memory.go, google/cadvisor container/libcontainer).
    memoryUsedBytes: total - free,
    memoryBytes: Math.max(0, total - free - inactiveFile),
    processes: Number(processes ?? 0),
    mostProcesses: Number(pidMax) || 0,
  };
}

/** Of all cores: everything but waiting. Time in guests is part of user time. */
function busyTicks(stat: string): number | undefined {
  const [user, nice, system, , , irq, softirq, steal] =
    /^cpu +([\d ]+)$/m.exec(stat)?.[1]?.split(' ').map(Number) ?? [];
  if (user === undefined || nice === undefined || system === undefined) return undefined;
  return user + nice + system + (irq ?? 0) + (softirq ?? 0) + (steal ?? 0);
}

const kibibytes = (meminfo: string, name: string): number => {
  const line = meminfo.split('\n').find((each) => each.startsWith(`${name}:`));
  return Number(line?.match(/(\d+) kB$/)?.[1] ?? NaN);
};
