import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readFile, readlink } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { hostMounts, type HostMount } from './host-mounts.ts';

/** `path` is the host's own, with all links followed. */
export type HostFile =
  | { kind: 'found'; path: string; stats: Stats }
  | { kind: 'absent'; path: string }
  /** k2d may not look there, as without root. */
  | { kind: 'hidden'; path: string };

/** As many as the kernel follows (path_resolution(7)). */
const mostLinks = 40;

/**
 * The host's files, seen through a mount of its root. Links are followed inside that root, as the host itself would, and never out of it.
 * Where the mount does not hear of the host's later mounts, what is not there may still be there on the host.
 */
export class HostFiles {
  readonly #root: string;

  /** `root` is where the host's `/` is for this process. */
  constructor(root: string) {
    this.#root = root;
  }

  async find(path: string): Promise<HostFile> {
    const pending = namesOf(path);
    let links = 0;
    let at = '/';
    let stats = await lstat(this.#seen('/'));
    for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
      const next = join(at, name);
      const found = await lstat(this.#seen(next)).catch(unseen);
      if (typeof found === 'string') return { kind: found, path: join(next, ...pending) };
      if (!found.isSymbolicLink()) {
        [at, stats] = [next, found];
        continue;
      }
      if (++links > mostLinks) return { kind: 'absent', path };
      const target = await readlink(this.#seen(next));
      pending.unshift(...namesOf(target));
      if (target.startsWith('/')) at = '/';
      stats = await lstat(this.#seen(at));
    }
    return { kind: 'found', path: at, stats };
  }

  /** Whether the absence of the path is certain: no mount of the host can hide it from here. */
  async sees(path: string): Promise<boolean> {
    if (this.#root === '/') return true;
    const mounts = hostMounts(await readFile('/proc/self/mountinfo', 'utf8'), this.#root);
    const covering = mounts.filter((mount) => isBelow(path, mount.path)).toSorted(byDepth)[0];
    return covering !== undefined && (covering.hearsOfMounts || covering.path !== '/');
  }

  /** With its parents, for everybody to enter; `path` has no links. */
  async makeDirectory(path: string): Promise<void> {
    await mkdir(this.#seen(path), { recursive: true, mode: 0o755 });
  }

  /** Empty, in a directory that is there; `path` has no links. */
  async makeFile(path: string): Promise<void> {
    const flags = constants.O_CREAT | constants.O_WRONLY | constants.O_NOFOLLOW;
    const file: FileHandle = await open(this.#seen(path), flags, 0o644);
    await file.close();
  }

  #seen(path: string): string {
    return join(this.#root, path);
  }
}

/** `..` at the root stays there, as `join` has it. */
const namesOf = (path: string): string[] => path.split('/').filter((name) => name !== '' && name !== '.');

function unseen(error: unknown): 'absent' | 'hidden' {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent';
  if (code === 'EACCES') return 'hidden';
  throw error;
}

const isBelow = (path: string, mount: string): boolean => mount === '/' || `${path}/`.startsWith(`${mount}/`);

const byDepth = (a: HostMount, b: HostMount): number => b.path.length - a.path.length;
