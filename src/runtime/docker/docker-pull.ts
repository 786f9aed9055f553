import type { PullProgress, RegistryAuth } from '../../domain/container-runtime/image.ts';
import { RuntimeError, type RuntimeErrorCode } from '../../domain/container-runtime/runtime-error.ts';
import type { DockerEngine } from './docker-engine.ts';
import { toRuntimeError } from './docker-error.ts';
import { pullTarget } from './image-reference.ts';
import { jsonLines } from '../wire/json-lines.ts';

/** Docker reports while it downloads and unpacks; the last step of a large layer on an SD card is the longest silence. */
const SILENCE_MS = 600_000;

type PullMessage = { status?: string; id?: string; progress?: string; error?: string };

export async function* dockerPull(
  engine: DockerEngine,
  reference: string,
  auth: RegistryAuth | undefined,
  signal: AbortSignal,
): AsyncGenerator<PullProgress> {
  const { repository: fromImage, tagOrDigest: tag } = pullTarget(reference);
  const credentials = auth && { username: auth.username, password: auth.password, serveraddress: auth.server };
  try {
    const stream = await engine.open(
      (docker, abortSignal) => docker.createImage(credentials, { fromImage, tag, abortSignal }),
      signal,
      SILENCE_MS,
    );
    for await (const message of jsonLines(stream)) yield progress(message as PullMessage);
  } catch (cause) {
    throw pullFailure(cause, reference);
  }
  if (signal.aborted) throw new RuntimeError('Unavailable', `the pull of ${reference} was given up`);
}

/** What goes wrong after the first byte of the answer comes as one of its messages. */
function progress({ status = '', id, progress: done, error }: PullMessage): PullProgress {
  if (error !== undefined) throw new RuntimeError('Internal', error);
  return { message: [id && `${id}:`, status, done].filter(Boolean).join(' ') };
}

/**
 * Docker tells most failures of a registry as 500, some as 404, and only its words say which it was: those of the registry's own
 * error codes (distribution/registry/api/errcode), of moby's distribution/errors.go and of Go's net package.
 */
const codesByWords: readonly [RuntimeErrorCode, RegExp][] = [
  [
    'Unauthorized',
    /unauthorized|authentication required|no basic auth credentials|access (to the resource )?is denied|access denied|denied:/i,
  ],
  ['NotFound', /manifest unknown|name unknown|not found|no matching manifest|does not exist/i],
  [
    'Unavailable',
    /connection refused|connection reset|no such host|i\/o timeout|deadline exceeded|Client\.Timeout|handshake timeout|unreachable|no route to host|server misbehaving|\bEOF\b|toomanyrequests|HTTP response to HTTPS client|unexpected HTTP status: 5|x509:|tls:/i,
  ],
];

/** The cause stays behind: it holds the request, and with it the credentials. */
function pullFailure(cause: unknown, reference: string): RuntimeError {
  if (cause instanceof SyntaxError) return new RuntimeError('Unavailable', `pull of ${reference}: ${cause.message}`);
  const { code, message } = toRuntimeError(cause);
  if (code === 'InvalidArgument' || code === 'Unavailable') return new RuntimeError(code, message);
  return new RuntimeError(codesByWords.find(([, words]) => words.test(message))?.[0] ?? code, message);
}
