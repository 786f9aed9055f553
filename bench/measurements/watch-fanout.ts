import type { ConfigMap } from '../../src/domain/meta/types.ts';
import { type ApiClient, firstSeen } from '../api-client.ts';
import type { Figure } from '../figure.ts';
import { median } from '../statistics.ts';
import { configMaps } from './config-maps.ts';

const WATCHERS = 200;

/**
 * Median time from the request that changes one ConfigMap to the moment at which the last of 200 clients that watch, each over a
 * connection of its own, has read the change. The clients are one process beside k2d: its work counts.
 */
export async function watchFanout(api: ApiClient, times: number, signal: AbortSignal): Promise<Figure> {
  const { metadata } = JSON.parse((await api.get(`${configMaps.path}?limit=1`)).body) as ConfigMap;
  const path = `${configMaps.path}?watch=true&resourceVersion=${metadata?.resourceVersion}`;
  const ended = new AbortController();
  const end = AbortSignal.any([signal, ended.signal]);
  const watches = await Promise.all(Array.from({ length: WATCHERS }, () => api.follow<ConfigMap>(path, end)));
  try {
    const samples: number[] = [];
    for (let at = 0; at < times; at += 1) {
      const start = performance.now();
      const seen = watches.map((watch) => firstSeen(watch, ({ data }) => data?.['round'] === String(at)));
      await api.patch(configMaps.pathOf(0), { data: { round: String(at) } });
      samples.push(Math.max(...(await Promise.all(seen))) - start);
    }
    return { name: 'watch.fanout', value: median(samples), unit: 'ms' };
  } finally {
    ended.abort();
  }
}
