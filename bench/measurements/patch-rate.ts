import type { ApiClient } from '../api-client.ts';
import type { Figure } from '../figure.ts';
import { configMaps, sideBySide } from './config-maps.ts';

/** Patches that are answered per second, each on disk before its answer, when 16 clients patch one ConfigMap after the other. */
export async function patchRate(api: ApiClient, times: number, signal: AbortSignal): Promise<Figure> {
  const start = performance.now();
  await sideBySide(times, signal, (number) =>
    api.patch(configMaps.pathOf(number), { data: { patched: String(number) } }),
  );
  return { name: 'patch.per.second', value: (1000 * times) / (performance.now() - start), unit: '/s' };
}
