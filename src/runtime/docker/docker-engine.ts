import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import Docker from 'dockerode';
import type { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';
import { hijack } from '../wire/hijack.ts';
import { commonApiVersion } from './api-version.ts';
import { refusedWith, toRuntimeError } from './docker-error.ts';
import { within } from './within.ts';

/** The kubelet's bound for a request to its runtime (kubelet --runtime-request-timeout). */
export const REQUEST_TIMEOUT_MS = 120_000;

/** One engine behind a socket: how every request is made, bounded, and how its failures read. */
export type DockerEngine = {
  /** A request with a whole answer. Fails with a RuntimeError; Unavailable after `timeoutMs`. */
  call<T>(request: (docker: Docker, abortSignal: AbortSignal) => Promise<T>, timeoutMs?: number): Promise<T>;
  /**
   * A request whose answer goes on: bounded until the answer begins, then by the signal, and by `silenceMs` between two pieces if
   * that is given. Ends quietly with the signal; throws Unavailable when the connection breaks.
   */
  open(
    request: (docker: Docker, abortSignal: AbortSignal) => Promise<NodeJS.ReadableStream>,
    signal: AbortSignal,
    silenceMs?: number,
  ): Promise<AsyncIterable<Buffer>>;
  /** A request whose connection becomes the streams of a process, until the signal. `path` is below the API's version. */
  hijack(path: string, body: object | undefined, signal: AbortSignal): Promise<Socket>;
};

export function dockerEngine(socketPath: string): DockerEngine {
  // docker-modem takes DOCKER_HOST and DOCKER_CLIENT_TIMEOUT from the environment unless told otherwise.
  const client = (version?: string) =>
    new Docker({ socketPath, version, protocol: 'http', host: undefined, timeout: undefined });
  let negotiated: Promise<{ docker: Docker; version: string }> | undefined;

  const negotiate = () =>
    within(REQUEST_TIMEOUT_MS, async () => {
      const version = commonApiVersion(await client().version());
      return { docker: client(version), version };
    });

  /** The engine that answers next may be another version. */
  const failed = (cause: unknown): RuntimeError => {
    const error = toRuntimeError(cause);
    if (error.code === 'Unavailable') negotiated = undefined;
    return error;
  };

  const request = async <T>(ms: number, make: (docker: Docker, abortSignal: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      const { docker } = await (negotiated ??= negotiate());
      return await within(ms, (abortSignal) => make(docker, abortSignal));
    } catch (cause) {
      throw failed(cause);
    }
  };

  return {
    call: (make, timeoutMs = REQUEST_TIMEOUT_MS) => request(timeoutMs, make),
    open: async (make, signal, silenceMs) => {
      try {
        const answer = await request(REQUEST_TIMEOUT_MS, (docker, late) =>
          make(docker, AbortSignal.any([signal, late])),
        );
        return pieces(answer as IncomingMessage, signal, failed, silenceMs);
      } catch (error) {
        if (signal.aborted) return pieces(undefined, signal, failed);
        throw error;
      }
    },
    hijack: async (path, body, signal) => {
      try {
        const { version } = await (negotiated ??= negotiate());
        const wanted = { socketPath, path: `/${version}${path}`, body, timeoutMs: REQUEST_TIMEOUT_MS };
        const answer = await hijack(wanted, signal);
        if (answer.kind === 'refused') throw refusedWith(answer);
        return answer.socket;
      } catch (cause) {
        throw failed(cause);
      }
    },
  };
}

async function* pieces(
  answer: IncomingMessage | undefined,
  signal: AbortSignal,
  failed: (cause: unknown) => RuntimeError,
  silenceMs = 0,
): AsyncGenerator<Buffer> {
  if (!answer) return;
  answer.setTimeout(silenceMs, () => answer.destroy(new Error(`silent for ${silenceMs / 1000} s`)));
  try {
    yield* answer;
  } catch (cause) {
    if (!signal.aborted) throw failed(cause);
  }
}
