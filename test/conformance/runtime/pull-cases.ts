import { inspect } from 'node:util';
import { expect } from 'vitest';
import type { RegistryAuth } from '../../../src/domain/container-runtime/image.ts';
import { oneImageRegistry } from './one-image-registry.ts';
import { freePort } from './published-port.ts';
import type { RuntimeBed } from './runtime-bed.ts';

const password = 'a-Secret-9f2c';

export function pullCases({ test, runtime, name, spec, output }: RuntimeBed): void {
  const pull = (reference: string, auth?: RegistryAuth) =>
    Array.fromAsync(runtime().images.pull(reference, auth, AbortSignal.timeout(60_000)));

  test('a registry that does not answer is unavailable, and no credentials are told', async () => {
    const server = `localhost:${await freePort()}`;
    const failure = await pull(`${server}/app:1`, { username: 'user', password, server }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ name: 'RuntimeError', code: 'Unavailable' });
    expect(inspect(failure, { depth: null, showHidden: true })).not.toMatch(
      new RegExp(`${password}|${btoa(password)}|authconfig`, 'i'),
    );
  });

  test('a pulled image is present, with progress on the way', async () => {
    await using registry = await oneImageRegistry({});
    const reference = `${registry.server}/${name('image')}:1`;
    expect((await pull(reference)).every(({ message }) => message.length > 0)).toBe(true);
    expect((await runtime().images.status(reference))?.tags).toContain(reference);
    await runtime().images.remove(reference);
  });

  test('an image is pulled by digest', async () => {
    await using registry = await oneImageRegistry({});
    const reference = `${registry.server}/${name('image')}@${registry.digest}`;
    await pull(reference);
    expect((await runtime().images.status(reference))?.digests).toContain(reference);
    await runtime().images.remove(reference);
  });

  test('an unknown tag is not found', async () => {
    await using registry = await oneImageRegistry({});
    await expect(pull(`${registry.server}/app:unknown`)).rejects.toMatchObject({
      name: 'RuntimeError',
      code: 'NotFound',
    });
  });

  test('credentials open a private registry; without, or with wrong ones, it is unauthorized', async () => {
    await using registry = await oneImageRegistry({ credentials: { username: 'user', password } });
    const reference = `${registry.server}/${name('image')}:1`;
    const auth = { username: 'user', password, server: registry.server };
    await expect(pull(reference)).rejects.toMatchObject({ code: 'Unauthorized' });
    await expect(pull(reference, { ...auth, password: 'wrong' })).rejects.toMatchObject({ code: 'Unauthorized' });
    await pull(reference, auth);
    await runtime().images.remove(reference);
  });

  test('a reference that is none is refused', async () => {
    await expect(pull('Not A Reference')).rejects.toMatchObject({ name: 'RuntimeError', code: 'InvalidArgument' });
  });

  test('a pull ends with the signal', async () => {
    await using registry = await oneImageRegistry({ silent: true });
    const pulling = runtime().images.pull(`${registry.server}/app:1`, undefined, AbortSignal.timeout(500));
    const asked = Date.now();
    await Array.fromAsync(pulling).catch(() => {});
    expect(Date.now() - asked).toBeLessThan(45_000);
  });

  test('containers run while an image is pulled', async () => {
    await using registry = await oneImageRegistry({ silent: true });
    const leave = new AbortController();
    const pulling = Array.fromAsync(runtime().images.pull(`${registry.server}/app:1`, undefined, leave.signal)).catch(
      () => {},
    );
    expect(await output(spec('echo meanwhile'))).toEqual(['meanwhile']);
    leave.abort();
    await pulling;
  });
}
