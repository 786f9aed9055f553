import { statfs } from 'node:fs/promises';
import { engineOf } from '../engine-of.ts';
import type { Check, Finding } from './finding.ts';

const MB = 1e6;
/** What k2d itself writes is small; an image or a log is not. */
const tight = { bytes: 500 * MB, share: 0.1 };
const full = { bytes: 50 * MB, share: 0.01 };

/** Of the data path and of the engine, which k2d's container sees at /host/engine-data. */
export const diskCheck: Check = async ({ config }) => {
  const root = await engineOf(config)
    .then((runtime) => runtime.info())
    .then(
      ({ rootDirectory }) => rootDirectory,
      () => undefined,
    );
  const engineDisk = (await disk('/host/engine-data')) ?? (root === undefined ? undefined : await disk(root));
  const ownDisk = await disk(config.dataPath);
  return [
    ...(ownDisk ? [judgeDisk('disk of k2d', ownDisk)] : []),
    ...(engineDisk ? [judgeDisk('disk of the engine', engineDisk)] : []),
  ];
};

type Disk = { free: number; total: number; files?: number };

const disk = (path: string): Promise<Disk | undefined> =>
  statfs(path).then(
    ({ bsize, bavail, blocks, ffree, files }) => ({
      free: bsize * bavail,
      total: bsize * blocks,
      ...(files > 0 ? { files: ffree } : {}),
    }),
    () => undefined,
  );

export function judgeDisk(check: string, { free, total, files = Infinity }: Disk): Finding {
  const found = `${Math.round(free / MB)} of ${Math.round(total / MB)} MB free`;
  const under = ({ bytes, share }: typeof tight) => free < Math.min(bytes, share * total);
  const advice = 'remove images and logs that nobody needs (docker system df, podman system df), or take a larger disk';
  if (under(full)) return { check, level: 'fail', found, advice };
  if (files < 1000) return { check, level: 'fail', found: `${files} inodes free`, advice };
  return under(tight) ? { check, level: 'warn', found, advice } : { check, level: 'ok', found };
}
