import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { giveToGroup } from './give-to-group.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'give-to-group-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const group = process.getegid!();
const modeOf = async (path: string) => ((await stat(path)).mode & 0o7777).toString(8);

it('opens everything for the group, and nothing that a link leads to', async () => {
  const volume = join(folder, 'volume');
  await mkdir(join(volume, 'deep'), { recursive: true });
  await writeFile(join(volume, 'deep/file'), '');
  await writeFile(join(folder, 'foreign'), '');
  for (const path of [volume, join(volume, 'deep'), join(volume, 'deep/file'), join(folder, 'foreign')]) {
    await chmod(path, 0o700);
  }
  await symlink('../foreign', join(volume, 'link'));
  await giveToGroup(volume, { group, onlyOnMismatch: false });
  expect(await modeOf(volume)).toBe('2770');
  expect(await modeOf(join(volume, 'deep'))).toBe('2770');
  expect(await modeOf(join(volume, 'deep/file'))).toBe('760');
  expect(await modeOf(join(folder, 'foreign'))).toBe('700');
});

it('trusts a folder that looks right, if it may', async () => {
  await writeFile(join(folder, 'file'), '', { mode: 0o600 });
  await chmod(folder, 0o2770);
  await giveToGroup(folder, { group, onlyOnMismatch: true });
  expect(await modeOf(join(folder, 'file'))).toBe('600');
});
