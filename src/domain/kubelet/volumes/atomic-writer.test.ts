import { mkdtemp, readFile, readdir, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePayload, type Payload } from './atomic-writer.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'k2d-writer-')), 'volume');
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

const payload = (files: Record<string, string>, mode = 0o644): Payload =>
  new Map(Object.entries(files).map(([path, text]) => [path, { content: Buffer.from(text), mode }]));

const visible = async () => (await readdir(folder)).filter((name) => !name.startsWith('..')).toSorted();

describe('writePayload', () => {
  it('shows files through one link and keeps their modes', async () => {
    expect(await writePayload(folder, payload({ a: '1', 'sub/b': '2' }, 0o440), new Date(1000))).toBe(true);
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('1');
    expect(await readFile(join(folder, 'sub/b'), 'utf8')).toBe('2');
    expect((await stat(join(folder, 'a'))).mode & 0o777).toBe(0o440);
    expect(await readlink(join(folder, 'a'))).toBe('..data/a');
  });

  it('writes nothing when nothing changed', async () => {
    await writePayload(folder, payload({ a: '1' }), new Date(1000));
    const before = await readlink(join(folder, '..data'));
    expect(await writePayload(folder, payload({ a: '1' }), new Date(2000))).toBe(false);
    expect(await readlink(join(folder, '..data'))).toBe(before);
  });

  it('swaps all files at once and leaves nothing of the old state', async () => {
    await writePayload(folder, payload({ a: '1', gone: 'x' }), new Date(1000));
    expect(await writePayload(folder, payload({ a: '2', fresh: 'y' }), new Date(2000))).toBe(true);
    expect(await visible()).toEqual(['a', 'fresh']);
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('2');
    const dated = (await readdir(folder)).filter((name) => name.startsWith('..') && name !== '..data');
    expect(dated).toEqual([await readlink(join(folder, '..data'))]);
  });

  it('notices a change of mode alone', async () => {
    await writePayload(folder, payload({ a: '1' }, 0o644), new Date(1000));
    expect(await writePayload(folder, payload({ a: '1' }, 0o600), new Date(2000))).toBe(true);
  });

  it.each(['../x', '/x', 'a/../../x', '..x', ''])('refuses the path %j', async (path) => {
    await expect(writePayload(folder, payload({ [path]: '1' }), new Date(1000))).rejects.toThrow(TypeError);
  });
});
