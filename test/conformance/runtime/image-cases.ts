import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, onTestFinished } from 'vitest';
import type { RuntimeBed } from './runtime-bed.ts';

export function imageCases({ test, runtime, image, spec, start, engineCli, name }: RuntimeBed): void {
  const busybox = async () => {
    const status = await runtime().images.status(image);
    if (!status) throw new Error(`${image} is not present`);
    return status;
  };

  test('an image tells its id, full tags, size and command', async () => {
    const status = await busybox();
    expect(status.id).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(status.tags).toContain('docker.io/library/busybox:1.35');
    expect(status.sizeBytes).toBeGreaterThan(500_000);
    expect([...status.command, ...status.args]).toEqual(['/bin/sh']);
  });

  test('an image is found by its id, with and without the algorithm', async () => {
    const { id } = await busybox();
    expect((await runtime().images.status(id))?.id).toBe(id);
    expect((await runtime().images.status(id.slice('sha256:'.length)))?.id).toBe(id);
  });

  test('an image is found by its full name', async () => {
    expect((await runtime().images.status('docker.io/library/busybox:1.35'))?.id).toBe((await busybox()).id);
  });

  test('an unknown image has no status', async () => {
    expect(await runtime().images.status('localhost/k2d-no-such-image:1')).toBeUndefined();
  });

  test('a reference that is none is refused, and reaches nothing else', async () => {
    await expect(runtime().images.status('../containers/json?all=1')).rejects.toMatchObject({
      code: 'InvalidArgument',
    });
  });

  test('the list of images holds those that are present', async () => {
    expect((await runtime().images.list()).map(({ id }) => id)).toContain((await busybox()).id);
  });

  test('removing an image that is gone succeeds', async () => {
    await runtime().images.remove('localhost/k2d-no-such-image:1');
  });

  test('what the engine saved is loaded again, under its name', async () => {
    const tag = `localhost/${name('loaded')}:1`;
    const folder = await mkdtemp(join(tmpdir(), 'k2d-images-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, 'image.tar');
    await engineCli('tag', image, tag);
    await engineCli('save', '-o', path, tag);
    await engineCli('rmi', tag);
    expect(await runtime().images.load(createReadStream(path), AbortSignal.timeout(60_000))).toEqual([tag]);
    expect((await runtime().images.status(tag))?.id).toBe((await busybox()).id);
    await runtime().images.remove(tag);
  });

  test('what is no archive of images is not loaded', async () => {
    const nothing = Readable.from([Buffer.alloc(10_240)]);
    await expect(runtime().images.load(nothing, AbortSignal.timeout(60_000))).rejects.toMatchObject({
      code: expect.stringMatching(/InvalidArgument|Internal/),
    });
  });

  test('removing an image that a container uses is a conflict', async () => {
    const tag = `localhost/${name('image')}:1`;
    const container = await start(spec('echo one; sleep 60'));
    await engineCli('commit', container, tag);
    await runtime().containers.remove(container);
    const user = await start(spec('sleep 60', { image: tag }));
    await expect(runtime().images.remove(tag)).rejects.toMatchObject({ code: 'Conflict' });
    await runtime().containers.remove(user);
    await runtime().images.remove(tag);
    expect(await runtime().images.status(tag)).toBeUndefined();
  });
}
