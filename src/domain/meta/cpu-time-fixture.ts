/** What the work takes of a processor, in milliseconds: a bound on it holds on a machine that has other things to do, too. */
export function cpuTimeOf(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
