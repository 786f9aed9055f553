import { expect, test } from 'vitest';
import type { ContainerRuntime } from '../domain/container-runtime/container-runtime.ts';
import { RuntimeError } from '../domain/container-runtime/runtime-error.ts';
import { measuredRuntime } from './measured-runtime.ts';

type Parts = { [Part in keyof ContainerRuntime]?: Partial<ContainerRuntime[Part]> };

function measured(parts: Parts) {
  const seen: { operation: string; seconds: number | undefined; code: string | undefined }[] = [];
  const runtime = measuredRuntime(parts as ContainerRuntime, (operation, seconds, code) =>
    seen.push({ operation, seconds, code }),
  );
  return { runtime, seen };
}

const measuredTime = expect.any(Number) as unknown as number;

test('hands on what is asked and answered, and tells what it was and how long it took', async () => {
  const { runtime, seen } = measured({
    containers: { stop: async () => {}, create: async ({ name }) => `id of ${name}` },
  });
  await runtime.containers.stop('a', 3);
  expect(await runtime.containers.create({ name: 'b' } as Parameters<typeof runtime.containers.create>[0])).toBe(
    'id of b',
  );
  expect(seen).toEqual([
    { operation: 'stop_container', seconds: measuredTime, code: undefined },
    { operation: 'create_container', seconds: measuredTime, code: undefined },
  ]);
});

test('tells why the engine refused, and hands that on', async () => {
  const refusal = new RuntimeError('Conflict', 'in use');
  const { runtime, seen } = measured({
    images: { remove: () => Promise.reject(refusal) },
    info: () => Promise.reject(new Error('not told by the port')),
  });
  await expect(runtime.images.remove('i')).rejects.toBe(refusal);
  await expect(runtime.info()).rejects.toThrow('not told by the port');
  expect(seen.map(({ operation, code }) => [operation, code])).toEqual([
    ['remove_image', 'Conflict'],
    ['status', 'Internal'],
  ]);
});

test('measures a pull to its end, and counts what lasts as long as its reader likes without its time', async () => {
  const { runtime, seen } = measured({
    images: {
      async *pull() {
        yield { message: 'half' };
        throw new RuntimeError('Unavailable', 'the registry is silent');
      },
    },
    async *events() {
      yield { action: 'connected' as const };
      yield { action: 'connected' as const };
    },
  });
  const { signal } = new AbortController();
  const steps: string[] = [];
  const pull = async () => {
    for await (const { message } of runtime.images.pull('i', undefined, signal)) steps.push(message);
  };
  await expect(pull()).rejects.toThrow('silent');
  for await (const event of runtime.events(signal)) {
    steps.push(event.action);
    break;
  }
  expect(steps).toEqual(['half', 'connected']);
  expect(seen).toEqual([
    { operation: 'pull_image', seconds: measuredTime, code: 'Unavailable' },
    { operation: 'get_container_events', seconds: undefined, code: undefined },
  ]);
});
