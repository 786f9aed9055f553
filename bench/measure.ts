import { setTimeout as sleep } from 'node:timers/promises';
import { ApiClient } from './api-client.ts';
import type { Figure } from './figure.ts';
import type { K2dUnderTest } from './k2d-under-test.ts';
import { applyRunning } from './measurements/apply-running.ts';
import { idleCost } from './measurements/idle-cost.ts';
import { runIdlePods } from './measurements/idle-pods.ts';
import { listPods } from './measurements/list-pods.ts';
import { idleMemory } from './measurements/memory.ts';
import { startReady } from './measurements/start-ready.ts';

/** How often, and how long, each thing is measured. */
export type Effort = { idleMs: number; restarts: number; applies: number; lists: number };

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
    yield await listPods(k2d, api, effort.lists, signal);
  } finally {
    api.close();
  }
}
