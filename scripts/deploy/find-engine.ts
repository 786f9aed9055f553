import { request } from 'node:http';
import Dockerode from 'dockerode';
import type { Config } from '../../src/config.ts';

/** An engine that answered. Both speak Docker's API, Podman as well as its own: enough to build one image and run one container. */
export interface Engine {
  readonly kind: 'docker' | 'podman';
  readonly socket: string;
  readonly client: Dockerode;
}

export type WantedEngine = Pick<Config, 'runtime' | 'runtimeSocket'>;

const USUAL_SOCKETS = { docker: '/var/run/docker.sock', podman: '/run/podman/podman.sock' } as const;
const PING_TIMEOUT_MS = 5000;

/** The engine that the operator asked for, else the first that answers. The answer tells the kind: the `podman-docker`
 *  package makes /var/run/docker.sock a link to Podman. */
export async function findEngine(wanted: WantedEngine): Promise<Engine | undefined> {
  for (const candidate of candidates(wanted)) {
    const answered = await ping(candidate);
    if (answered && (wanted.runtime ?? answered) === answered) {
      return { kind: answered, socket: candidate, client: new Dockerode({ socketPath: candidate }) };
    }
  }
  return undefined;
}

/** Where an engine is expected, in the order in which the sockets are asked. */
export function candidates({ runtime, runtimeSocket }: WantedEngine): readonly string[] {
  if (runtimeSocket) return [runtimeSocket];
  return runtime ? [USUAL_SOCKETS[runtime]] : [USUAL_SOCKETS.docker, USUAL_SOCKETS.podman];
}

/** Podman adds `Libpod-API-Version` to its answer, Docker does not. */
function ping(socketPath: string): Promise<Engine['kind'] | undefined> {
  return new Promise((resolve) => {
    const ask = request({ socketPath, path: '/_ping', timeout: PING_TIMEOUT_MS }, (answer) => {
      answer.resume();
      if (answer.statusCode !== 200) resolve(undefined);
      else resolve(answer.headers['libpod-api-version'] ? 'podman' : 'docker');
    });
    ask.on('timeout', () => ask.destroy());
    ask.on('error', () => resolve(undefined));
    ask.on('close', () => resolve(undefined));
    ask.end();
  });
}
