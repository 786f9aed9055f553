import type { Stats } from 'node:fs';
import { dirname } from 'node:path';
import type { HostFile, HostFiles } from './host-files.ts';

/** How what is at a path of the host gets into a container. */
export type HostPath = { kind: 'mount' } | { kind: 'device' } | { kind: 'failed'; message: string };

type Kind = { is: (stats: Stats) => boolean; name: string };

const kinds: Readonly<Record<string, Kind>> = {
  Directory: { is: (stats) => stats.isDirectory(), name: 'a directory' },
  File: { is: (stats) => stats.isFile(), name: 'a file' },
  Socket: { is: (stats) => stats.isSocket(), name: 'a socket file' },
  CharDevice: { is: (stats) => stats.isCharacterDevice(), name: 'a character device' },
  BlockDevice: { is: (stats) => stats.isBlockDevice(), name: 'a block device' },
};

/** Of the kernel's list of devices: ends of pseudo terminals. */
const ptyMajors = { first: 136, last: 143 };

/**
 * Checks a hostPath volume against its type, and makes what it may make (kubernetes pkg/volume/hostpath/host_path.go checkTypeInternal).
 * Without a type a directory is made where nothing is, as container runtimes for Kubernetes do.
 */
export async function prepareHostPath(files: HostFiles, path: string, type: string): Promise<HostPath> {
  const wanted = type.replace(/OrCreate$/, '');
  const found = await findOrMake(files, path, type, wanted);
  if (found.kind === 'failed') return found;
  // The engine sees the whole host, and refuses what is not there.
  if (found.kind === 'hidden') return { kind: wanted.endsWith('Device') ? 'device' : 'mount' };
  const kind = kinds[wanted];
  if (kind === undefined) return { kind: 'mount' };
  if (found.kind === 'absent' || !kind.is(found.stats))
    return { kind: 'failed', message: `hostPath type check failed: ${path} is not ${kind.name}` };
  return wanted.endsWith('Device') && !isPty(found.stats) ? { kind: 'device' } : { kind: 'mount' };
}

type Failed = HostPath & { kind: 'failed' };

/** Where it is not certain that nothing is there, the file is `hidden`. */
async function findOrMake(files: HostFiles, path: string, type: string, wanted: string): Promise<HostFile | Failed> {
  const found = await files.find(path);
  if (found.kind !== 'absent') return found;
  const isCertain = await files.sees(found.path);
  if (!type.endsWith('OrCreate') && (type !== '' || !isCertain))
    return isCertain ? found : { ...found, kind: 'hidden' };
  return make(files, found.path, wanted).catch((error: Error) => ({
    kind: 'failed',
    message: `cannot make ${found.path}: ${error.message}`,
  }));
}

async function make(files: HostFiles, path: string, wanted: string): Promise<HostFile> {
  if (wanted !== 'File') await files.makeDirectory(path);
  // As in Kubernetes, the directory of a file is not made.
  else if ((await files.find(dirname(path))).kind === 'found') await files.makeFile(path);
  return files.find(path);
}

/** A pseudo terminal is found through its own file system only: a device node beside it answers EIO, so it is mounted instead. */
function isPty(stats: Stats): boolean {
  const major = (stats.rdev >>> 8) & 0xfff;
  return stats.isCharacterDevice() && major >= ptyMajors.first && major <= ptyMajors.last;
}
