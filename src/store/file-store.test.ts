import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileStore } from './file-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k2d-store-'));
});
afterEach(() => rm(folder, { recursive: true }));

const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

test('an object whose name looks like an interrupted write is kept, and an interrupted write is not', async () => {
  const store = fileStore(folder, logger);
  const names = ['.a.new', '..new', 'system:basic-user', `.${'x'.repeat(248)}.new`];
  for (const name of names) await store.put('roles', { namespace: 'n', name }, { metadata: { name } });
  await writeFile(join(folder, 'objects/roles/n/.0000.new'), 'half');
  const loaded = (await Array.fromAsync(store.load('roles'))).map(({ metadata }) => metadata?.name);
  expect(new Set(loaded)).toEqual(new Set(names));
  for (const name of names) await store.remove('roles', { namespace: 'n', name });
  expect(await readdir(join(folder, 'objects/roles/n'))).toEqual([]);
});
