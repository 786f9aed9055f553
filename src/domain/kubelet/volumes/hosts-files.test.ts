import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { HostsFiles } from './hosts-files.ts';

const pod = { metadata: { name: 'web' } };
const ip = '10.42.0.2';

let folder: string;
let text: string;
let files: HostsFiles;
beforeEach(async () => {
  const parent = await mkdtemp(join(tmpdir(), 'k2d-hosts-'));
  folder = join(parent, 'pod');
  text = 'first, and longer than what follows\n';
  files = new HostsFiles({ podFolder: () => folder }, () => text);
  return () => rm(parent, { recursive: true });
});
const path = () => join(folder, 'etc-hosts');

describe('the names that a pod knows', () => {
  it('stay in one file, whatever they are, for containers have mounted it', async () => {
    expect(await files.mount(pod, ip)).toMatchObject([{ source: path(), target: '/etc/hosts' }]);
    expect(await readFile(path(), 'utf8')).toBe(text);
    const { ino, mode } = await stat(path());
    expect(mode & 0o777).toBe(0o644);
    text = 'second\n';
    await files.refresh(pod, ip);
    expect(await readFile(path(), 'utf8')).toBe('second\n');
    expect((await stat(path())).ino).toBe(ino);
  });

  it('are written once more when the file has gone', async () => {
    await files.mount(pod, ip);
    await rm(folder, { recursive: true });
    await files.ensure(pod, ip);
    expect(await readFile(path(), 'utf8')).toBe(text);
  });

  it('are not written for a pod whose files are not there yet, or are being removed', async () => {
    expect(await files.refresh(pod, ip)).toBe(false);
    await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
    await mkdir(folder);
    await files.refresh(pod, ip);
    expect(await readdir(folder)).toEqual([]);
  });

  it('are the newest, though much was still being written when they changed', async () => {
    await files.mount(pod, ip);
    for (let i = 0; i < 3; i++) {
      let asked = 0;
      const long = 'long\n'.repeat(1_000_000);
      const texts = new HostsFiles({ podFolder: () => folder }, () => (asked++ === 0 ? long : `${i}\n`));
      await Promise.all([texts.refresh(pod, ip), texts.refresh(pod, ip)]);
      expect((await readFile(path(), 'utf8')).slice(0, 10)).toBe(`${i}\n`);
    }
  });

  it('are none on the network of the host', async () => {
    expect(await files.mount(pod, undefined)).toEqual([]);
  });
});
