import { setTimeout as delay } from 'node:timers/promises';
import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';
import type { LibpodContainer } from './libpod-answers.ts';
import { type LibpodClient, path } from './libpod-client.ts';
import { isRuntimeError } from './libpod-error.ts';

/** What the engine may need to end a container on top of the grace, on a slow device. */
export const stopMarginMs = 60_000;

/** Shorter than the run of a container that exits at once, so that a call meets it running soon. */
const retryMs = 30;

/** States in which a container runs, or may yet be started again by its restart policy. */
const notStopped = new Set(['running', 'stopping', 'stopped', 'paused']);

/**
 * Stops a container so that it stays stopped. One call is not enough on Podman: between two restarts by policy it is answered with 304, or with
 * 204, and the next restart comes all the same (4.3: 10 of 25 stops of a container that exits at once). Only the state
 * `exited` is final; `stopped` still waits for the cleanup that may start the container again.
 */
export async function stopContainer(client: LibpodClient, id: string, graceSeconds: number): Promise<void> {
  const deadline = Date.now() + graceSeconds * 1000 + stopMarginMs;
  for (;;) {
    await askToStop(client, id, graceSeconds);
    const container = await client.find<LibpodContainer>(path`/containers/${id}/json`);
    if (!container || !notStopped.has(container.State.Status)) return;
    if (container.State.Status === 'paused') await client.post(path`/containers/${id}/unpause`);
    if (Date.now() > deadline) throw new RuntimeError('Unavailable', `container ${id} does not stop`);
    await delay(retryMs);
  }
}

async function askToStop(client: LibpodClient, id: string, graceSeconds: number): Promise<void> {
  try {
    const query = { timeout: graceSeconds };
    await client.post(path`/containers/${id}/stop`, { query, timeoutMs: graceSeconds * 1000 + stopMarginMs });
  } catch (error) {
    // Conflict: it is paused, or on its way from one state to another. What the state says next decides.
    if (!isRuntimeError(error, 'NotFound', 'Conflict')) throw error;
  }
}
