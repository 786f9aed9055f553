import { configurePodman, startPodmanService } from '../machine/podman-service.ts';
import { candidates, type Engine, findEngine, type WantedEngine } from './find-engine.ts';

const START_TIMEOUT_MS = 30_000;
const POLL_MS = 200;

/** The engine that answers; where none does, Podman is started, and before that installed when it is missing. */
export async function ensureEngine(wanted: WantedEngine): Promise<Engine> {
  const running = await findEngine(wanted);
  if (running) {
    if (running.kind === 'podman') await configurePodman();
    return running;
  }
  const sockets = candidates(wanted);
  if (wanted.runtime === 'docker')
    throw new Error(`K2D_RUNTIME=docker, and no Docker answers on ${sockets.join(' or ')}`);
  const socket = sockets.at(-1) ?? '';
  console.log(`No engine answers on ${sockets.join(' or ')}.`);
  await startPodmanService(socket);
  const deadline = AbortSignal.timeout(START_TIMEOUT_MS);
  while (!deadline.aborted) {
    const started = await findEngine({ runtime: 'podman', runtimeSocket: socket });
    if (started) return started;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`Podman's service does not answer on ${socket} after ${START_TIMEOUT_MS / 1000} s`);
}
