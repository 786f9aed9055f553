import type { Config } from '../../src/config.ts';
import { RuntimeError } from '../../src/domain/container-runtime/runtime-error.ts';
import { configurePodman, PODMAN_SOCKET, startPodmanService } from '../machine/podman-service.ts';
import { connectEngine, type Engine } from './engine.ts';

const START_TIMEOUT_MS = 30_000;
const POLL_MS = 200;
const ASK_USER =
  'Start a Podman of your own (systemctl --user enable --now podman.socket, or podman system service), or run this as root.';

/** The engine that answers; where none does, Podman is started, and before that installed when it is missing. */
export async function ensureEngine(wanted: Pick<Config, 'runtime' | 'runtimeSocket'>): Promise<Engine> {
  try {
    const engine = await connectEngine(wanted);
    if (engine.kind === 'podman') await configurePodman(engine.rootless);
    return engine;
  } catch (error) {
    if (!isUnavailable(error) || wanted.runtime === 'docker') throw error;
    if (process.getuid?.() !== 0) throw new Error(`${error.message}\n${ASK_USER}`, { cause: error });
    console.log(error.message);
  }
  const socket = wanted.runtimeSocket ?? PODMAN_SOCKET;
  await startPodmanService(socket);
  return answering(socket, AbortSignal.timeout(START_TIMEOUT_MS));
}

async function answering(runtimeSocket: string, deadline: AbortSignal): Promise<Engine> {
  for (;;) {
    try {
      return await connectEngine({ runtime: 'podman', runtimeSocket });
    } catch (error) {
      if (!isUnavailable(error) || deadline.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

function isUnavailable(error: unknown): error is RuntimeError {
  return error instanceof RuntimeError && error.code === 'Unavailable';
}
