import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HostFiles } from './host-files.ts';
import { hostMounts } from './host-mounts.ts';
import { prepareHostPath } from './host-path.ts';

let root = '';
const host = () => new HostFiles(root);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'host-path-'));
  await mkdir(join(root, 'dir/below'), { recursive: true });
  await writeFile(join(root, 'dir/file'), 'x');
  await symlink('/dir', join(root, 'absolute'));
  await symlink('dir', join(root, 'link'));
  await symlink('../../../../dir/file', join(root, 'dir/climbing'));
  await symlink('loop', join(root, 'loop'));
});
afterEach(() => rm(root, { recursive: true }));

test.each([
  ['/dir', '/dir'],
  ['/absolute/below', '/dir/below'],
  ['/dir/climbing', '/dir/file'],
  ['/../../dir/./below/..//file', '/dir/file'],
])('%s is %s inside the root', async (path, real) =>
  expect(await host().find(path)).toMatchObject({ kind: 'found', path: real }),
);

test.each([
  ['/dir/none/further', '/dir/none/further'],
  ['/absolute/none', '/dir/none'],
  ['/dir/file/below', '/dir/file/below'],
  ['/loop', '/loop'],
])('nothing is at %s', async (path, absent) =>
  expect(await host().find(path)).toEqual({ kind: 'absent', path: absent }),
);

/** The process's own root, so that it is certain what is absent. */
const prepare = (path: string, type: string) => prepareHostPath(new HostFiles('/'), path, type);

test.each([
  ['Directory', 'dir/file', 'a directory'],
  ['DirectoryOrCreate', 'dir/file', 'a directory'],
  ['File', 'dir', 'a file'],
  ['File', 'none', 'a file'],
  ['FileOrCreate', 'none/file', 'a file'],
  ['Socket', 'dir/file', 'a socket file'],
  ['CharDevice', 'dir/file', 'a character device'],
  ['BlockDevice', 'none', 'a block device'],
])('%s refuses %s', async (type, path, what) =>
  expect(await prepare(join(root, path), type)).toEqual({
    kind: 'failed',
    message: `hostPath type check failed: ${join(root, path)} is not ${what}`,
  }),
);

test('what is of its type is mounted, and devices are mapped', async () => {
  const server = createServer().listen(join(root, 'socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  for (const [path, type] of [
    ['dir', 'Directory'],
    ['link', 'Directory'],
    ['dir/file', 'File'],
    ['socket', 'Socket'],
    ['dir', ''],
  ] as const)
    expect(await prepare(join(root, path), type)).toEqual({ kind: 'mount' });
  server.close();
  expect(await prepare('/dev/null', 'CharDevice')).toEqual({ kind: 'device' });
});

test('what may be made is made, for all to read', async () => {
  expect(await prepare(join(root, 'new/dir'), 'DirectoryOrCreate')).toEqual({ kind: 'mount' });
  expect(await prepare(join(root, 'new/file'), 'FileOrCreate')).toEqual({ kind: 'mount' });
  expect(await prepare(join(root, 'new/plain'), '')).toEqual({ kind: 'mount' });
  const modes = await Promise.all(
    ['dir', 'file', 'plain'].map(async (name) => (await stat(join(root, 'new', name))).mode),
  );
  expect(modes.map((mode) => (mode & 0o777).toString(8))).toEqual(['755', '644', '755']);
});

test('what cannot be made is told', async () => {
  const { kind, ...rest } = await prepare('/sys/none', 'DirectoryOrCreate');
  expect(kind).toBe('failed');
  expect(rest).toMatchObject({ message: expect.stringMatching(/^cannot make \/sys\/none: E/) });
});

test('what this user may not see, the engine may', async () => {
  await mkdir(join(root, 'secret'), { mode: 0o700 });
  await chmod(root, 0o755);
  const path = join(root, 'secret/dir');
  for (const type of ['', 'Directory', 'DirectoryOrCreate'])
    expect(await asNobody(() => prepare(path, type))).toEqual({ kind: 'mount' });
  expect(await asNobody(() => prepare(path, 'CharDevice'))).toEqual({ kind: 'device' });
});

/** Root sees everything. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

test('where the host may have mounts that are not seen, the engine has the last word', async () => {
  expect(await prepareHostPath(host(), '/mnt/usb', 'Directory')).toEqual({ kind: 'mount' });
  expect(await prepareHostPath(host(), '/mnt/usb', '')).toEqual({ kind: 'mount' });
  expect(await prepareHostPath(host(), '/mnt/tty', 'CharDevice')).toEqual({ kind: 'device' });
  expect(await readdir(root)).not.toContain('mnt');
});

test("mounts of the host are found in the kernel's list", () => {
  const text = `30 1 8:1 / / rw - ext4 /dev/sda1 rw
31 30 8:1 / /host/root rw,relatime master:1 - ext4 /dev/sda1 rw
32 31 0:5 / /host/root/mnt/a\\040b rw - devtmpfs udev rw
33 30 8:1 / /host/rootless rw shared:9 - ext4 /dev/sda1 rw
`;
  expect(hostMounts(text, '/host/root')).toEqual([
    { path: '/', hearsOfMounts: true },
    { path: '/mnt/a b', hearsOfMounts: false },
  ]);
});
