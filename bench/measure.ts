import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from './api-client.ts';
import type { Figure } from './figure.ts';
import type { K2dUnderTest } from './k2d-under-test.ts';
import { applyRunning } from './measurements/apply-running.ts';
import { controllersIdle } from './measurements/controllers-idle.ts';
import { deployMany, rollout } from './measurements/deployments.ts';
import { idleCost } from './measurements/idle-cost.ts';
import { runIdlePods } from './measurements/idle-pods.ts';
import { listPods } from './measurements/list-pods.ts';
import { configMaps, createConfigMaps } from './measurements/config-maps.ts';
import { listConfigMaps } from './measurements/list-config-maps.ts';
import { idleMemory, privateMemory } from './measurements/memory.ts';
import { patchRate } from './measurements/patch-rate.ts';
import { restart, startReady } from './measurements/start-ready.ts';
import { watchFanout } from './measurements/watch-fanout.ts';

/** How often, and how long, each thing is measured. */
export type Effort = {
  idleMs: number;
  restarts: number;
  applies: number;
  lists: number;
  patches: number;
  fanouts: number;
  rollouts: number;
};

/** All figures of a k2d that has just been started; idling comes first, before anything has made its memory grow. */
export async function* measure(
  k2d: K2dUnderTest,
  effort: Effort,
  signal: AbortSignal,
): AsyncGenerator<Figure, void, undefined> {
  await runIdlePods(k2d);
  await sleep(effort.idleMs, undefined, { signal });
  yield* await idleMemory(k2d);
  yield* await idleCost(k2d, effort.idleMs, signal);
  const api = await ApiClient.connect(k2d.config);
  try {
    yield await startReady(k2d, api, effort.restarts, signal);
    yield* await applyRunning(k2d, api, effort.applies, signal);
    yield await rollout(k2d, api, effort.rollouts, signal);
    yield await controllersIdle(k2d, api, effort.idleMs, signal);
    yield* await deployMany(k2d, api, signal);
    yield await listPods(k2d, api, effort.lists, signal);
    yield* manyObjects(k2d, api, effort, signal);
  } finally {
    api.close();
  }
}

/** The memory last, of a k2d that has started with the objects and done nothing since: as the one that idles without them. */
async function* manyObjects(
  k2d: K2dUnderTest,
  api: ApiClient,
  { idleMs, lists, patches, fanouts }: Effort,
  signal: AbortSignal,
): AsyncGenerator<Figure, void, undefined> {
  await createConfigMaps(api, signal);
  yield await listConfigMaps(api, lists, signal);
  yield await patchRate(api, patches, signal);
  yield await watchFanout(api, fanouts, signal);
  await restart(k2d, api, signal);
  await sleep(idleMs, undefined, { signal });
  yield { name: `memory.private.${configMaps.count}`, value: await privateMemory(k2d), unit: 'MB' };
}
