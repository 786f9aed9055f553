import { randomUUID } from 'node:crypto';
import { link, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../store/durable-file.ts';
import type { Check, Finding } from './finding.ts';
import { errorMessage } from '../../domain/meta/error-message.ts';

/** statfs(2): file systems in memory. */
const inMemory = [0x01021994, 0x858458f6];

/** Writes a file there and removes it again. */
export const dataPathCheck: Check = async ({ config: { dataPath } }) => {
  const check = 'data path';
  const failed = (found: string, advice: string): Finding[] => [{ check, level: 'fail', found, advice }];
  const folder = await stat(dataPath).catch(() => undefined);
  if (!folder) return [{ check, level: 'ok', found: `${dataPath} is not there yet: the first start makes it` }];
  if (!folder.isDirectory()) return failed(`${dataPath} is no folder`, 'remove it, or set K2D_DATA_PATH');
  const problem = await trial(join(dataPath, `.doctor-${randomUUID()}`));
  if (problem !== undefined)
    return failed(
      `${dataPath}: ${problem}`,
      'see whether the disk is mounted read-only or full, and the owner of the folder',
    );
  const { type } = await statfs(dataPath);
  if (inMemory.includes(type))
    return [
      {
        check,
        level: 'warn',
        found: `${dataPath} is in memory`,
        advice: 'set K2D_DATA_PATH to a folder on a disk: the next power cut takes all',
      },
    ];
  if ((folder.mode & 0o077) !== 0)
    return [
      {
        check,
        level: 'warn',
        found: `others may look into ${dataPath}`,
        advice: `chmod 700 ${dataPath}: the keys are there`,
      },
    ];
  return [{ check, level: 'ok', found: `${dataPath} takes files` }];
};

/** Also whether the file system has links, which a backup is made with. */
async function trial(path: string): Promise<string | undefined> {
  try {
    await writeDurably(path, '');
    await link(path, `${path}.link`);
    return undefined;
  } catch (error) {
    return errorMessage(error);
  } finally {
    await rm(path, { force: true });
    await rm(`${path}.link`, { force: true });
  }
}
