import { generateKeyPairSync } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCertificateAuthority } from '../../api/auth/certificate-authority.ts';
import { pkiFiles } from '../../api/auth/pki-files.ts';
import { systemClock } from '../../domain/meta/clock.ts';
import { writeDurably } from '../../store/durable-file.ts';
import { writeTar, type TarMember } from '../archive/write-tar.ts';
import type { TarEntry } from '../archive/tar-header.ts';
import { backupMembers } from '../backup/backup-members.ts';
import type { Manifest } from '../backup/manifest.ts';
import { takeSnapshot } from '../backup/snapshot.ts';
import { decideUpon, finishRestore } from './finish-restore.ts';
import { isUsed, versionBound } from './is-used.ts';
import { settleBackup } from './settle-backup.ts';
import { stageBackup } from './stage-backup.ts';

let folder: string;
let from: string;
let to: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k2d-restore-'));
  [from, to] = [join(folder, 'from'), join(folder, 'to')];
  await device(from, {
    'objects/configmaps/plant/c': object('c'),
    'volumes/v/file': 'kept',
    'resource-version': '100000\n',
  });
});
afterEach(() => rm(folder, { recursive: true }));

const object = (name: string) => JSON.stringify({ metadata: { name } });

async function device(path: string, files: Readonly<Record<string, string>>): Promise<void> {
  await openCertificateAuthority(pkiFiles(path), 'old', systemClock, writeDurably);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  for (const [name, text] of Object.entries({ 'pki/sa.key': key, ...files })) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
}

const manifest: Manifest = {
  format: 1,
  kubernetes: 'v1',
  instance: 'old',
  nodeName: 'a',
  serviceCidr: '10.43.0.0/16',
  createdAt: '2026-11-22T12:00:00Z',
  volumes: true,
};

async function archive(changes: Partial<Manifest> = {}, change = (members: AsyncGenerator<TarMember>) => members) {
  const snapshot = join(from, '.backup-1');
  const members = backupMembers({ ...manifest, ...changes }, await takeSnapshot(from, snapshot), from);
  const bytes = Buffer.concat(await Array.fromAsync(writeTar(change(members))));
  await rm(snapshot, { recursive: true });
  return bytes;
}

async function* sent(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

const staged = () => join(to, '.restore-1');

async function restore(bytes: Buffer): Promise<number> {
  await mkdir(to, { recursive: true });
  const found = await stageBackup(sent(bytes), staged());
  const count = await settleBackup(
    staged(),
    found,
    { nodeName: 'b', serviceCidr: '10.43.0.0/16' },
    await versionBound(to),
  );
  await decideUpon(to, staged());
  await finishRestore(to);
  return count;
}

const textOf = (path: string) => readFile(join(to, path), 'utf8');

describe('a backup', () => {
  it('is taken over whole', async () => {
    expect(await restore(await archive())).toBe(1);
    expect(await textOf('objects/configmaps/plant/c')).toBe(object('c'));
    expect(await textOf('volumes/v/file')).toBe('kept');
    expect(await textOf('pki/ca.key')).toBe(await readFile(join(from, 'pki/ca.key'), 'utf8'));
    expect((await readdir(to)).toSorted()).toEqual(['objects', 'pki', 'resource-version', 'volumes']);
  });

  it('takes the place of what was there, and versions do not go back', async () => {
    await device(to, {
      'objects/secrets/n/s': object('s'),
      kubeconfig: '',
      'pki/server.pem': '',
      'resource-version': '700000\n',
    });
    await restore(await archive());
    expect(await readdir(join(to, 'objects'))).toEqual(['configmaps']);
    expect(await textOf('resource-version')).toBe('700000\n');
    await expect(access(join(to, 'kubeconfig'))).rejects.toThrow();
    await expect(access(join(to, 'pki/server.pem'))).rejects.toThrow();
  });

  it('without volumes leaves those that are there', async () => {
    await device(to, { 'volumes/w/file': 'mine' });
    await restore(await archive({ volumes: false }));
    expect(await textOf('volumes/w/file')).toBe('mine');
  });

  it('is finished after a power cut, from wherever it was', async () => {
    await device(to, { 'objects/secrets/n/s': object('s') });
    await stageBackup(sent(await archive()), staged());
    await decideUpon(to, staged());
    await rm(join(to, 'objects'), { recursive: true });
    await finishRestore(to);
    expect(await textOf('objects/configmaps/plant/c')).toBe(object('c'));
    await expect(finishRestore(to)).rejects.toThrow('ENOENT');
  });
});

const file = (path: string, text: string, more: Partial<TarEntry> = {}): TarMember => ({
  entry: { path, type: 'file', mode: 0o600, uid: 0, gid: 0, mtime: 0, size: Buffer.byteLength(text), ...more },
  content: (async function* () {
    yield Buffer.from(text);
  })(),
});

/** With these behind its manifest. */
const withMembers = (...more: readonly TarMember[]) =>
  async function* (members: AsyncGenerator<TarMember>): AsyncGenerator<TarMember> {
    let first = true;
    for await (const member of members) {
      yield member;
      if (first) yield* more;
      first = false;
    }
  };

describe('an archive is refused', () => {
  it.each([
    ['with a path that leads up', '../x'],
    ['with a path from the root', '/etc/x'],
    ['with a path that leads up inside', 'objects/a/../../../x'],
    ['with a file that is no state', 'kubeconfig'],
    ["with a server's certificate", 'pki/server.pem'],
    ['with an object too deep', 'objects/a/b/c/d'],
  ])('%s', async (_what, path) => {
    await expect(restore(await archive({}, withMembers(file(path, 'x'))))).rejects.toThrow('has no file');
  });

  it('with a link where there are none', async () => {
    const link = file('objects/a', '', { type: 'symlink', target: '/etc' });
    await expect(restore(await archive({}, withMembers(link)))).rejects.toThrow('has no symlink');
  });

  it('that writes through a link of its own', async () => {
    const outside = join(folder, 'outside');
    await mkdir(outside);
    const link = file('volumes/out', '', { type: 'symlink', target: outside });
    const volumes = file('volumes', '', { type: 'directory' });
    const bytes = await archive({}, async function* (members) {
      for await (const member of members) {
        if (member.entry.path.startsWith('volumes')) continue;
        yield member;
        if (member.entry.path === 'k2d-backup.json') yield* [volumes, link, file('volumes/out/x', 'x')];
      }
    });
    await expect(restore(bytes)).rejects.toThrow('lead out of its folder');
    expect(await readdir(outside)).toEqual([]);
  });

  it('with the same file twice', async () => {
    const twice = [file('objects/a/b/c', object('c')), file('objects/a/b/c', object('c'))];
    await expect(restore(await archive({}, withMembers(...twice)))).rejects.toThrow('EEXIST');
  });

  it('with something more than it says', async () => {
    async function* cheated(members: AsyncGenerator<TarMember>): AsyncGenerator<TarMember> {
      for await (const member of members) {
        if (member.entry.path === 'k2d-backup.end') yield file('objects/a/b/c', object('c'));
        yield member;
      }
    }
    await expect(restore(await archive({}, cheated))).rejects.toThrow('damaged');
  });

  it.each([0.1, 0.5, 0.8])('that was cut at %d', async (share) => {
    const bytes = await archive();
    await expect(restore(bytes.subarray(0, bytes.length * share))).rejects.toThrow('too early');
  });

  it('of another format', async () => {
    await expect(restore(await archive({ format: 2 }))).rejects.toThrow('format 2');
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.alloc(4096, 'text')],
  ])('that is %s', async (_what, bytes) => {
    await expect(restore(bytes)).rejects.toThrow(/too early|no tar/);
  });

  it("whose key is not its authority's", async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await writeFile(join(from, 'pki/ca.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await expect(restore(await archive())).rejects.toThrow('do not belong together');
  });

  it('and changes nothing', async () => {
    await device(to, { 'objects/secrets/n/s': object('s') });
    const bytes = await archive();
    await expect(restore(bytes.subarray(0, 20_000 < bytes.length ? 20_000 : 2000))).rejects.toThrow();
    expect(await textOf('objects/secrets/n/s')).toBe(object('s'));
  });
});

describe('a device', () => {
  it.each([
    ['with a workload', 'objects/deployments.apps/default/web', true],
    ['with a namespace', 'objects/namespaces/_cluster/plant', true],
    ['with a Service', 'objects/services/default/web', true],
    ['with a ConfigMap', 'objects/configmaps/default/mine', true],
    ['with what k2d makes by itself', 'objects/namespaces/_cluster/kube-system', false],
    ['with a folder that was emptied', 'objects/secrets/n/s/..', false],
  ])('%s is in use: %s', async (_what, path, used) => {
    if (path.endsWith('..')) await mkdir(join(to, 'objects/secrets/n'), { recursive: true });
    else await device(to, { [path]: '{}' });
    expect(await isUsed(to)).toBe(used);
  });

  it('that has never run k2d is not', async () => expect(await isUsed(to)).toBe(false));
});

it('links in volumes stay links', async () => {
  await symlink('/etc/passwd', join(from, 'volumes/v/link'));
  await restore(await archive());
  expect(
    (await readdir(join(to, 'volumes/v'), { withFileTypes: true }))
      .find(({ name }) => name === 'link')
      ?.isSymbolicLink(),
  ).toBe(true);
});
