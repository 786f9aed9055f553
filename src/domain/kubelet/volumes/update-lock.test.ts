import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Pod, VolumeMount } from '../../meta/types.ts';
import { UpdateLock } from './update-lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k2d-lock-'));
  return () => rm(folder, { recursive: true });
});

const podWith = (lock: string | undefined, mount: Partial<VolumeMount> = {}): Pod => ({
  metadata: { annotations: lock === undefined ? {} : { 'k2d.io/update-lock': lock } },
  spec: {
    containers: [{ name: 'plc', image: 'plc:1', volumeMounts: [{ name: 'state', mountPath: '/state/', ...mount }] }],
  },
});

function open() {
  const changed = vi.fn();
  const lock = new UpdateLock(changed);
  onTestFinished(() => lock.stop());
  const look = (pod: Pod) => lock.look(pod, (volume) => (volume === 'state' ? folder : undefined));
  return { look, changed };
}

const held = { status: 'False', reason: 'LockFileExists', message: 'its lock file /state/busy is there' };

describe('an update lock', () => {
  it('is held while its file is there, and tells of it when that changes', async () => {
    const { look, changed } = open();
    const pod = podWith('/state/busy');
    expect(await look(pod)).toMatchObject({ status: 'True' });
    await writeFile(join(folder, 'busy'), '');
    await vi.waitFor(() => expect(changed).toHaveBeenCalled());
    expect(await look(pod)).toEqual(held);
    changed.mockClear();
    await rm(join(folder, 'busy'));
    await vi.waitFor(() => expect(changed).toHaveBeenCalled());
    expect(await look(pod)).toMatchObject({ status: 'True' });
  });

  it('is no lock where nobody asks for one', async () => {
    expect(await open().look(podWith(undefined))).toBeUndefined();
  });

  it('may be in a part of a volume, also one that is not there yet', async () => {
    const { look } = open();
    const pod = podWith('/state/busy', { subPath: 'line-4' });
    expect(await look(pod)).toMatchObject({ status: 'True' });
    await mkdir(join(folder, 'line-4'));
    await writeFile(join(folder, 'line-4/busy'), '');
    expect(await look(pod)).toEqual(held);
  });

  it('is held by a link as well, wherever it leads', async () => {
    await symlink('/nowhere', join(folder, 'busy'));
    expect(await open().look(podWith('/state/busy'))).toEqual(held);
  });

  it.each([
    ['below no mount', '/elsewhere/busy', {}, 'no container mounts a volume at /elsewhere'],
    ['deeper in a volume', '/state/deep/busy', {}, 'no container mounts a volume at /state/deep'],
    ['in a volume that k2d does not see', '/state/busy', { name: 'host' }, 'does not see the files of volume "host"'],
  ])('%s is not known, and says so', async (_where, path, mount, message) => {
    expect(await open().look(podWith(path, mount))).toMatchObject({
      status: 'Unknown',
      reason: 'LockFileNotSeen',
      message: expect.stringContaining(message),
    });
  });
});
