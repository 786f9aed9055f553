import { mkdir, mkdtemp, readdir, realpath, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSubPath } from './sub-path.ts';

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sub-path-')));
  root = join(folder, 'volume');
  await mkdir(root, { mode: 0o700 });
  await mkdir(join(folder, 'elsewhere'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('makes what is missing, with the mode of the volume', async () => {
  expect(await openSubPath(root, 'a/./b', true)).toBe(join(root, 'a/b'));
  expect((await stat(join(root, 'a/b'))).mode & 0o777).toBe(0o700);
});

it('follows links that stay inside', async () => {
  await mkdir(join(root, 'real'));
  await symlink('real', join(root, 'link'));
  expect(await openSubPath(root, 'link/new', true)).toBe(join(root, 'real/new'));
});

it('refuses to leave the volume, and makes nothing outside', async () => {
  await symlink('../elsewhere', join(root, 'out'));
  await expect(openSubPath(root, 'out/new', true)).rejects.toThrow('leads out of its volume');
  expect(await readdir(join(folder, 'elsewhere'))).toEqual([]);
});

it('says what does not exist where nothing may be made', async () => {
  await expect(openSubPath(root, 'none', false)).rejects.toThrow('subPath "none" does not exist in its volume');
});
