import { cpus, loadavg, release, totalmem } from 'node:os';

/** What the figures were measured on. A load other than 0 says that others used the machine too. */
export function machineFacts(): string[] {
  const [load = 0] = loadavg();
  return [
    `machine.cpu: ${cpus()[0]?.model ?? process.arch}`,
    `machine.cores: ${cpus().length}`,
    `machine.memory: ${(totalmem() / 1e9).toFixed(1)} GB`,
    `machine.kernel: ${release()}`,
    `machine.load: ${load.toFixed(2)}`,
  ];
}
