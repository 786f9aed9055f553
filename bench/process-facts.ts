/** What the kernel knows about one process, from the text of its files below /proc (proc(5)). */

/** The kernel gives times to programs in hundredths of a second on every architecture that k2d runs on (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** From `status`: memory of its own, in bytes, without programs and libraries, which other processes may share. */
export const anonymousBytes = (status: string): number => 1024 * field(status, /^RssAnon:\s+(\d+) kB$/m);

/** From `io`: bytes that the process has caused to be written to disks. */
export const writtenBytes = (io: string): number => field(io, /^write_bytes: (\d+)$/m);

/** From `stat`: CPU seconds since it started, its ended children's included. */
export function cpuSeconds(stat: string): number {
  // Behind the name, which is in brackets and may hold anything, comes field 3; utime, stime, cutime and cstime are 14 to 17.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(14 - 3, 17 - 3 + 1).reduce((sum, text) => sum + Number(text), 0);
  if (Number.isNaN(ticks) || fields.length < 15) throw new Error(`not the form of /proc/PID/stat: ${stat}`);
  return ticks / TICKS_PER_SECOND;
}

function field(text: string, pattern: RegExp): number {
  const value = pattern.exec(text)?.[1];
  if (value === undefined) throw new Error(`no ${pattern.source} in: ${text}`);
  return Number(value);
}
