import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeDurably } from '../../store/durable-file.ts';
import { takeSnapshot } from './snapshot.ts';

let dataPath: string;
beforeEach(async () => {
  dataPath = await mkdtemp(join(tmpdir(), 'k2d-snapshot-'));
});
afterEach(() => rm(dataPath, { recursive: true }));

const put = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(join(dataPath, path)), { recursive: true });
  await writeFile(join(dataPath, path), text);
};

const taken = async (): Promise<Record<string, string>> => {
  const files = await takeSnapshot(dataPath, join(dataPath, '.backup-1'));
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file.path, await readFile(file.content, 'utf8')])),
  );
};

describe('a snapshot', () => {
  it('has state and keys, and nothing of the device', async () => {
    const kept = { 'resource-version': '1', 'objects/pods/n/p': '{}', 'pki/ca.key': 'k', 'seccomp/a/b.json': '{}' };
    const left = { 'pki/server.pem': 's', kubeconfig: 'c', 'pods/u/hosts': 'h', 'objects/pods/n/.x.new': 'half' };
    for (const [path, text] of Object.entries({ ...kept, ...left })) await put(path, text);
    expect(await taken()).toEqual(kept);
  });

  it('keeps what was, whatever comes after it', async () => {
    await put('objects/pods/n/p', 'before');
    const [file] = await takeSnapshot(dataPath, join(dataPath, '.backup-1'));
    await writeDurably(join(dataPath, 'objects/pods/n/p'), 'after');
    expect(await readFile(file!.content, 'utf8')).toBe('before');
  });

  it('is of one moment: two files that are written one after the other are never newer and older', async () => {
    await put('objects/a/n/first', '0');
    await put('objects/b/n/second', '0');
    const writing = (async () => {
      for (let count = 1; count <= 100; count += 1) {
        await writeDurably(join(dataPath, 'objects/a/n/first'), String(count));
        await writeDurably(join(dataPath, 'objects/b/n/second'), String(count));
      }
    })();
    for (let round = 0; round < 3; round += 1) {
      const files = await takeSnapshot(dataPath, join(dataPath, `.backup-${round}`));
      const read = files.map(async ({ content }) => Number(await readFile(content, 'utf8')));
      const [first, second] = await Promise.all(read);
      expect([0, 1]).toContain(first! - second!);
    }
    await writing;
  });
});
