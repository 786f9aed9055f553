import type { ApiClient } from '../api-client.ts';
import type { Figure } from '../figure.ts';
import { median } from '../statistics.ts';
import { configMaps } from './config-maps.ts';

/** Median time from the request to the last byte of a list of 1000 ConfigMaps of 1 kB as JSON, over one kept connection. */
export async function listConfigMaps(api: ApiClient, times: number, signal: AbortSignal): Promise<Figure> {
  const samples: number[] = [];
  for (let at = 0; at < times; at += 1) {
    signal.throwIfAborted();
    const start = performance.now();
    const { status, body } = await api.get(configMaps.path);
    samples.push(performance.now() - start);
    const { items } = JSON.parse(body) as { items?: unknown[] };
    if ((items?.length ?? 0) < configMaps.count) throw new Error(`too few: ${status} ${body.slice(0, 200)}`);
  }
  return { name: 'list.configmaps.1000', value: median(samples), unit: 'ms' };
}
