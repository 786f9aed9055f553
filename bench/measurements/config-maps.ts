import type { ApiClient } from '../api-client.ts';

/** All measurements of many objects are about these: 1000 ConfigMaps of 1 kB in a namespace of their own. */
const COUNT = 1000;
const BYTES = 1000;
/** So many at a time. */
const WRITERS = 16;

const namespace = 'thousand';
const names = Array.from({ length: COUNT }, (_, at) => `settings-${at}`);

export const configMaps = {
  count: COUNT,
  path: `/api/v1/namespaces/${namespace}/configmaps`,
  /** Of the one with this number, beginning anew after the last. */
  pathOf: (number: number): string => `${configMaps.path}/${names[number % COUNT]}`,
} as const;

export async function createConfigMaps(api: ApiClient, signal: AbortSignal): Promise<void> {
  await api.create('/api/v1/namespaces', { metadata: { name: namespace } });
  const data = { settings: 'x'.repeat(BYTES) };
  await sideBySide(COUNT, signal, (number) => api.create(configMaps.path, { metadata: { name: names[number] }, data }));
}

/** Does it with every number below the count, for sixteen numbers at the same time. */
export async function sideBySide(
  count: number,
  signal: AbortSignal,
  act: (number: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const writers = Array.from({ length: WRITERS }, async () => {
    while (next < count) {
      signal.throwIfAborted();
      await act(next++);
    }
  });
  await Promise.all(writers);
}
