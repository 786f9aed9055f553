import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTar } from './read-tar.ts';
import { headerBlocks, type TarEntry } from './tar-header.ts';
import { writeTar, type TarMember } from './write-tar.ts';

const entry = (path: string, size: number, more: Partial<TarEntry> = {}): TarEntry => ({
  path,
  type: 'file',
  mode: 0o640,
  uid: 1000,
  gid: 1001,
  mtime: 1_700_000_000,
  size,
  ...more,
});

async function* pieces(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

async function* members(): AsyncGenerator<TarMember> {
  yield { entry: entry('folder', 0, { type: 'directory', mode: 0o755 }) };
  yield { entry: entry('folder/file', 11), content: pieces('hello ', 'world') };
  yield { entry: entry(`folder/${'ü'.repeat(120)}`, 0), content: pieces() };
  yield { entry: entry('folder/link', 0, { type: 'symlink', target: 'x'.repeat(150) }) };
}

const whole = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => Buffer.concat(await Array.fromAsync(stream));

async function* sliced(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = async (bytes: Buffer, size = 100): Promise<{ entry: TarEntry; text: string }[]> => {
  const found = [];
  for await (const { entry, content } of readTar(sliced(bytes, size)))
    found.push({ entry, text: (await whole(content)).toString() });
  return found;
};

describe('a tar', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'k2d-tar-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([1, 100, 512, 100_000])('is read as it was written, in pieces of %d bytes', async (size) => {
    const found = await read(await whole(writeTar(members())), size);
    expect(found.map(({ entry: { path, type, size } }) => [path.slice(0, 12), type, size])).toEqual([
      ['folder', 'directory', 0],
      ['folder/file', 'file', 11],
      ['folder/üüüüü', 'file', 0],
      ['folder/link', 'symlink', 0],
    ]);
    expect(found[1]).toMatchObject({
      text: 'hello world',
      entry: { mode: 0o640, uid: 1000, gid: 1001, mtime: 1_700_000_000 },
    });
    expect(found[2]?.entry.path).toBe(`folder/${'ü'.repeat(120)}`);
    expect(found[3]?.entry.target).toBe('x'.repeat(150));
  });

  it('is one for tar, too', async () => {
    await writeFile(join(folder, 'a.tar'), await whole(writeTar(members())));
    const listed = execFileSync('tar', ['--quoting-style=literal', '-tf', 'a.tar'], { cwd: folder, encoding: 'utf8' });
    expect(listed).toBe(`folder\nfolder/file\nfolder/${'ü'.repeat(120)}\nfolder/link\n`);
  });

  it('of tar is read, with long names', async () => {
    const name = `${'a'.repeat(90)}/${'b'.repeat(90)}`;
    execFileSync(
      'sh',
      ['-c', `mkdir ${'a'.repeat(90)}; printf x >${name}; tar --format=pax -cf a.tar ${'a'.repeat(90)}`],
      { cwd: folder },
    );
    const found = await read(await readFile(join(folder, 'a.tar')));
    expect(found.map(({ entry, text }) => [entry.path, text])).toEqual([
      [`${'a'.repeat(90)}/`, ''],
      [name, 'x'],
    ]);
  });

  it('holds content that is another size meanwhile', async () => {
    async function* changing(): AsyncGenerator<TarMember> {
      yield { entry: entry('grown', 3), content: pieces('hello') };
      yield { entry: entry('shrunk', 3), content: pieces('h') };
    }
    expect((await read(await whole(writeTar(changing())))).map(({ text }) => text)).toEqual(['hel', 'h\0\0']);
  });

  it('may be skipped through', async () => {
    const paths = [];
    for await (const { entry } of readTar(sliced(await whole(writeTar(members())), 77))) paths.push(entry.path);
    expect(paths).toHaveLength(4);
  });

  it.each([
    ['cut in a header', (bytes: Buffer) => bytes.subarray(0, 700)],
    ['cut in content', (bytes: Buffer) => bytes.subarray(0, 1030)],
    ['without its end', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1024)],
    ['that is none', () => Buffer.alloc(2048, 'x')],
    ['that is empty', () => Buffer.alloc(0)],
    ['with a damaged header', (bytes: Buffer) => Buffer.concat([Buffer.from('X'), bytes.subarray(1)])],
    ['with a device', () => withFlag('3', 0)],
    ['with a hard link', () => withFlag('1', 0)],
    ['with gigabytes of names', () => withFlag('x', 8 ** 10)],
  ])('%s is refused', async (_what, spoil) => {
    await expect(read(spoil(await whole(writeTar(members()))))).rejects.toThrow(
      /too early|no tar archive|neither a file|too long/,
    );
  });
});

/** A header of another type, with the right checksum. */
function withFlag(flag: string, size: number): Buffer {
  const header = headerBlocks(entry('x', size));
  const before = header[156]!;
  header.write(flag, 156);
  const sum = parseInt(header.toString('latin1', 148, 154), 8) + header[156]! - before;
  header.write(sum.toString(8).padStart(6, '0'), 148);
  return Buffer.concat([header, Buffer.alloc(1024)]);
}
