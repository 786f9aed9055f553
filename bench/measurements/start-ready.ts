import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../api-client.ts';
import type { Figure } from '../figure.ts';
import type { K2dUnderTest } from '../k2d-under-test.ts';
import { median } from '../statistics.ts';

const POLL_MS = 10;
const TIMEOUT_MS = 60_000;

/** Median time from asking the engine to start k2d's stopped container, with its pods running, to the first 200 of /readyz. */
export async function startReady(
  k2d: K2dUnderTest,
  api: ApiClient,
  times: number,
  signal: AbortSignal,
): Promise<Figure> {
  const samples: number[] = [];
  for (let at = 0; at < times; at += 1) samples.push(await restart(k2d, api, signal));
  return { name: 'start.ready', value: median(samples) / 1000, unit: 's' };
}

/** Stops and starts k2d's container. Resolves to the milliseconds from asking for the start to the first 200 of /readyz. */
export async function restart(k2d: K2dUnderTest, api: ApiClient, signal: AbortSignal): Promise<number> {
  const container = await k2d.container();
  await container.stop({ t: 10 });
  const start = performance.now();
  await container.start();
  await ready(api, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
  return performance.now() - start;
}

async function ready(api: ApiClient, signal: AbortSignal): Promise<void> {
  while (!(await isReady(api))) await sleep(POLL_MS, undefined, { signal });
}

/** While nothing listens, asking fails. */
const isReady = (api: ApiClient): Promise<boolean> =>
  api.get('/readyz').then(
    ({ status }) => status === 200,
    () => false,
  );
