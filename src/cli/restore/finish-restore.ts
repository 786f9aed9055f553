import { readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stateFiles } from '../backup/state-files.ts';
import { RESTORED } from '../restored-folder.ts';
import { syncFolder } from '../../store/durable-file.ts';

/** The point of no return: at one stroke, and on disk. */
export async function decideUpon(dataPath: string, staged: string): Promise<void> {
  await rename(staged, join(dataPath, RESTORED));
  await syncFolder(dataPath);
}

/** Puts it in place; again after a power cut, from wherever it was. */
export async function finishRestore(dataPath: string): Promise<void> {
  const restored = join(dataPath, RESTORED);
  const parts = await readdir(restored);
  for (const name of stateFiles.ofDevice) await rm(join(dataPath, name), { recursive: true, force: true });
  for (const name of parts) {
    await rm(join(dataPath, name), { recursive: true, force: true });
    await rename(join(restored, name), join(dataPath, name));
  }
  await syncFolder(dataPath);
  await rmdir(restored);
}
