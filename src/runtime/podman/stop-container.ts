import { setTimeout as delay } from 'node:timers/promises';
import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';
import type { LibpodContainer } from './libpod-answers.ts';
import { type LibpodClient, path } from './libpod-client.ts';
import { isRuntimeError } from './libpod-error.ts';

/** What the engine may need to end a container on top of the grace, on a slow device. */
const marginMs = 60_000;

/**
 * Stops a container so that it stays stopped. One call is not enough on Podman: between two restarts by policy it is answered with 304, or with
 * 204, and the next restart comes all the same (4.3: 10 of 25 stops of a container that exits at once). Only the state
 * `exited` is final; `stopped` still waits for the cleanup that may start the container again.
 */
export async function stopContainer(client: LibpodClient, id: string, graceSeconds: number): Promise<void> {
  const deadline = Date.now() + graceSeconds * 1000 + marginMs;
  for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 2, 500)) {
    if (await stopOnce(client, id, graceSeconds)) return;
    if (Date.now() > deadline) throw new RuntimeError('Unavailable', `container ${id} does not stop`);
    await delay(pauseMs);
  }
}

async function stopOnce(client: LibpodClient, id: string, graceSeconds: number): Promise<boolean> {
  try {
    const query = { timeout: graceSeconds };
    await client.post(path`/containers/${id}/stop`, { query, timeoutMs: graceSeconds * 1000 + marginMs });
  } catch (error) {
    if (!isRuntimeError(error, 'NotFound')) throw error;
    return true;
  }
  const container = await client.find<LibpodContainer>(path`/containers/${id}/json`);
  return !container || !['running', 'stopping', 'stopped', 'paused'].includes(container.State.Status);
}
