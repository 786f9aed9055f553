import { request } from 'node:http';
import { RuntimeError } from '../domain/container-runtime/runtime-error.ts';

export type EngineName = 'docker' | 'podman';
export type FoundEngine = { engine: EngineName; socketPath: string };
export type WantedEngine = { runtime?: EngineName; socketPath?: string };

const usualSockets: Readonly<Record<EngineName, string>> = {
  docker: '/var/run/docker.sock',
  podman: '/run/podman/podman.sock',
};
const pingTimeoutMs = 5000;

/**
 * The engine that answers: on the given socket, else in the usual places. The answer tells which one it is, not the socket's name: the package
 * `podman-docker` makes /var/run/docker.sock a link to Podman. Throws Unavailable, with what each socket said, when there is none of the wanted kind.
 */
export async function findEngine(wanted: WantedEngine): Promise<FoundEngine> {
  const failures: string[] = [];
  for (const socketPath of socketsOf(wanted)) {
    const answer = await ping(socketPath);
    if ('failure' in answer) failures.push(`${socketPath}: ${answer.failure}`);
    else if (wanted.runtime && wanted.runtime !== answer.engine) failures.push(`${socketPath}: it is ${answer.engine}`);
    else return { engine: answer.engine, socketPath };
  }
  throw new RuntimeError('Unavailable', `no ${wanted.runtime ?? 'engine'} answers (${failures.join('; ')})`);
}

function socketsOf({ runtime, socketPath }: WantedEngine): string[] {
  if (socketPath !== undefined) return [socketPath];
  return runtime ? [usualSockets[runtime]] : [usualSockets.docker, usualSockets.podman];
}

/** Podman adds `Libpod-API-Version` to its answer, Docker does not. */
function ping(socketPath: string): Promise<{ engine: EngineName } | { failure: string }> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(pingTimeoutMs);
    const asked = request({ socketPath, path: '/_ping', signal }, (answer) => {
      answer.resume();
      if (answer.statusCode !== 200) resolve({ failure: `it answered ${answer.statusCode}` });
      else resolve({ engine: answer.headers['libpod-api-version'] ? 'podman' : 'docker' });
    });
    asked.once('error', (error: NodeJS.ErrnoException) => {
      resolve({ failure: signal.aborted ? `no answer in ${pingTimeoutMs / 1000} s` : (error.code ?? error.message) });
    });
    asked.end();
  });
}
