import { watch, type FSWatcher } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import type { Pod } from '../../meta/types.ts';
import { updateLockOf } from '../../resources/update-permission.ts';
import { openSubPath } from './sub-path.ts';

/** Whether the pod lets itself be stopped for an update. */
export type UpdateVerdict = { status: 'True' | 'False' | 'Unknown'; reason: string; message?: string };

/** `folderOf`: where k2d sees the files of a volume of the pod; undefined where it does not. */
type FolderOf = (volume: string) => string | undefined;

/**
 * The file by which a workload says that it must not be updated now. The kernel tells when one comes or goes in the folder, so nothing is looked at
 * in between, and pods without a lock cost nothing.
 */
export class UpdateLock {
  readonly #changed: () => void;
  #watcher: { folder: string; close(): void } | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Undefined for pods that have no lock. */
  async look(pod: Pod, folderOf: FolderOf): Promise<UpdateVerdict | undefined> {
    const path = updateLockOf(pod);
    if (path === undefined) {
      this.stop();
      return undefined;
    }
    const place = lockPlace(pod, path, folderOf);
    if (place.kind === 'unseen') return { status: 'Unknown', reason: 'LockFileNotSeen', message: place.message };
    const folder = await openSubPath(place.root, place.subPath, false).catch(() => undefined);
    if (folder === undefined) return free;
    const obstacle = this.#follow(folder, place.file);
    if (obstacle !== undefined) return { status: 'Unknown', reason: 'LockFileNotSeen', message: obstacle };
    const isThere = await lstat(join(folder, place.file)).then(
      () => true,
      () => false,
    );
    return isThere ? { status: 'False', reason: 'LockFileExists', message: `its lock file ${path} is there` } : free;
  }

  stop(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  /** Answers why it cannot: the kernel gives no more than so many watches. */
  #follow(folder: string, file: string): string | undefined {
    if (this.#watcher?.folder === folder) return undefined;
    this.stop();
    // What comes and goes is a rename in Node's words; who writes to the file again and again is not followed.
    const heard = (event: string, name: string | null) => {
      if (event === 'rename' && (name === null || name === file)) this.#changed();
    };
    try {
      const watcher: FSWatcher = watch(folder, { persistent: false }, heard);
      watcher.on('error', () => this.stop());
      this.#watcher = { folder, close: () => watcher.close() };
      return undefined;
    } catch (error) {
      return `the folder of its lock file cannot be watched: ${(error as NodeJS.ErrnoException).code}`;
    }
  }
}

const free: UpdateVerdict = { status: 'True', reason: 'NoLockFile' };

type LockPlace =
  | { kind: 'seen'; root: string; subPath: string; file: string }
  /** The text goes on from `Pod "…" postpones updates:`. */
  | { kind: 'unseen'; message: string };

/** Only at the top of a mount: no link that a container makes can lead out of the volume then. */
function lockPlace({ spec }: Pod, path: string, folderOf: FolderOf): LockPlace {
  const folder = dirname(normalize(path));
  const mount = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]
    .flatMap(({ volumeMounts = [] }) => volumeMounts)
    .find(({ mountPath }) => normalize(`${mountPath}/.`) === normalize(`${folder}/.`));
  if (!mount) return { kind: 'unseen', message: `no container mounts a volume at ${folder}, where its lock file is` };
  const root = mount.subPathExpr ? undefined : folderOf(mount.name);
  if (root === undefined) {
    return { kind: 'unseen', message: `k2d does not see the files of volume "${mount.name}", where its lock file is` };
  }
  return { kind: 'seen', root, subPath: mount.subPath ?? '', file: basename(path) };
}
