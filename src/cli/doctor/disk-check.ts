import { diskUsage } from '../../domain/kubelet/node/disk-usage.ts';
import type { NodeDisk } from '../../domain/resources/node-usage.ts';
import type { Check, Finding } from './finding.ts';

const MB = 1e6;
/** What k2d itself writes is small; an image or a log is not. */
const tight = { bytes: 500 * MB, share: 0.1 };
const full = { bytes: 50 * MB, share: 0.01 };

/** Of the data path and of the engine, which k2d's container sees at /host/engine-data. */
export const diskCheck: Check = async ({ config, engine }) => {
  const root = engine instanceof Error ? [] : [engine.rootDirectory];
  const engineDisk = await diskUsage(['/host/engine-data', ...root]);
  const ownDisk = await diskUsage([config.dataPath]);
  return [
    ...(ownDisk ? [judgeDisk('disk of k2d', roomOf(ownDisk))] : []),
    ...(engineDisk ? [judgeDisk('disk of the engine', roomOf(engineDisk))] : []),
  ];
};

type Disk = { free: number; total: number; files?: number };

const roomOf = ({ availableBytes, totalBytes, freeInodes, totalInodes }: NodeDisk): Disk => ({
  free: availableBytes,
  total: totalBytes,
  ...(totalInodes > 0 ? { files: freeInodes } : {}),
});

export function judgeDisk(check: string, { free, total, files = Infinity }: Disk): Finding {
  const found = `${Math.round(free / MB)} of ${Math.round(total / MB)} MB free`;
  const under = ({ bytes, share }: typeof tight) => free < Math.min(bytes, share * total);
  const advice = 'remove images and logs that nobody needs (docker system df, podman system df), or take a larger disk';
  if (under(full)) return { check, level: 'fail', found, advice };
  if (files < 1000) return { check, level: 'fail', found: `${files} inodes free`, advice };
  return under(tight) ? { check, level: 'warn', found, advice } : { check, level: 'ok', found };
}
