import { expect } from 'vitest';
import type { RuntimeBed } from './runtime-bed.ts';

export function volumeCases({
  test,
  runtime,
  name,
  labels,
  spec,
  start,
  output,
  sandboxSpec,
  linesOf,
}: RuntimeBed): void {
  const volumes = () => runtime().volumes;

  test('a volume has a name, labels and a place', async () => {
    const volume = name('v');
    await volumes().create({ name: volume, labels });
    expect(await volumes().status(volume)).toEqual({ name: volume, labels, mountpoint: expect.stringMatching(/^\//) });
  });

  test('creating a volume twice leaves the first as it is', async () => {
    const volume = name('v');
    await volumes().create({ name: volume, labels });
    await volumes().create({ name: volume, labels: { ...labels, second: 'yes' } });
    expect((await volumes().status(volume))?.labels).toEqual(labels);
  });

  test('volumes are listed by labels', async () => {
    const [one, two] = [name('v'), name('v')];
    await volumes().create({ name: one, labels: { ...labels, which: 'one' } });
    await volumes().create({ name: two, labels: { ...labels, which: 'two' } });
    expect((await volumes().list({ ...labels, which: 'one' })).map((volume) => volume.name)).toEqual([one]);
  });

  test('a volume that is gone has no status and can be removed again', async () => {
    const volume = name('v');
    await volumes().create({ name: volume, labels });
    await volumes().remove(volume);
    expect(await volumes().status(volume)).toBeUndefined();
    await volumes().remove(volume);
  });

  test('removing a volume that a container uses is a conflict', async () => {
    const volume = name('v');
    await volumes().create({ name: volume, labels });
    await runtime().containers.create(
      spec('true', { mounts: [{ kind: 'volume', volume, target: '/data', readOnly: false }] }),
    );
    await expect(volumes().remove(volume)).rejects.toMatchObject({ code: 'Conflict' });
  });

  test('a volume keeps data from one container to the next, and is read-only where asked', async () => {
    const volume = name('v');
    await volumes().create({ name: volume, labels });
    const mount = { kind: 'volume', volume, target: '/data' } as const;
    await output(spec('echo kept >/data/file', { mounts: [{ ...mount, readOnly: false }] }));
    const read = await output(
      spec('cat /data/file; touch /data/x || echo refused', { mounts: [{ ...mount, readOnly: true }] }),
    );
    expect(read).toContain('kept');
    expect(read).toContain('refused');
  });

  test('a new volume is empty, whatever the image has at its place', async () => {
    const volume = name('v');
    await volumes().create({ name: volume, labels });
    const mounts = [{ kind: 'volume', volume, target: '/etc', readOnly: false } as const];
    expect(await output(spec('test -e /etc/passwd || echo empty', { mounts }))).toEqual(['empty']);
  });

  test('a volume in memory belongs to root, or to the group that was asked for, whoever uses it first', async () => {
    const ownerOf = async (tmpfs: { group?: number }) => {
      const volume = name('v');
      await volumes().create({ name: volume, labels, tmpfs });
      const mounts = [{ kind: 'volume', volume, target: '/data', readOnly: false } as const];
      return output(spec('stat -c "%a %u %g" /data', { mounts, user: '1000:1000' }));
    };
    expect(await ownerOf({})).toEqual(['1777 0 0']);
    expect(await ownerOf({ group: 2345 })).toEqual(['3777 0 2345']);
  });

  test('a tmpfs volume is memory of the given size, shared by the containers of a pod', async () => {
    const volume = name('v');
    await volumes().create({ name: volume, labels, tmpfs: { sizeBytes: 2 * 1024 * 1024 } });
    const id = await runtime().sandboxes.run(sandboxSpec());
    const member = {
      sandbox: { kind: 'member', id } as const,
      mounts: [{ kind: 'volume', volume, target: '/data', readOnly: false } as const],
    };
    const writer = await start(
      spec('grep " /data " /proc/mounts | cut -d" " -f3; echo shared >/data/file; echo done; sleep 60', member),
    );
    expect(await linesOf(writer, 'done')).toContain('tmpfs');
    const reader = await output(spec('cat /data/file; head -c 3000000 /dev/zero >/data/big || echo full', member));
    expect(reader).toContain('shared');
    expect(reader).toContain('full');
  });
}
