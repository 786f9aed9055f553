import type { LogEntry, LogOptions } from '../../domain/container-runtime/container.ts';
import type { DockerEngine } from './docker-engine.ts';
import { joinLines } from './join-lines.ts';
import { framedPieces, rawPieces } from './log-pieces.ts';
import { tailWindow } from './log-tail.ts';

/** To find where more lines begin would take more memory than it is worth; then Docker's own count is good enough. */
const MAX_COUNTED_LINES = 10_000;

type Target = { id: string; tty: boolean };

/**
 * Docker 20.10 does not tell a follower the last line if it lacks its line feed (5 of 8 times; 26 and 28 do). So when following
 * has ended by itself, what was written since the last line told, and before the end, is asked for once more.
 */
export async function* dockerLogs(
  engine: DockerEngine,
  target: Target,
  options: LogOptions,
  signal: AbortSignal,
): AsyncGenerator<LogEntry> {
  const opened = new Date();
  let last: LogEntry | undefined;
  for await (const entry of entries(engine, target, options, signal)) {
    last = entry;
    yield entry;
  }
  if (!options.follow || signal.aborted) return;
  // A policy may have started the container again: what it writes now is not of the run that was followed.
  const until = new Date(Date.now() + 1);
  for await (const entry of entries(engine, target, { ...notTold(options, last, opened), until }, signal)) {
    if (!last || entry.timestamp > last.timestamp) yield entry;
  }
}

function notTold(options: LogOptions, last: LogEntry | undefined, opened: Date): LogOptions {
  if (last) return { follow: false, since: last.time };
  return options.tail === 0 ? { follow: false, since: opened } : { ...options, follow: false };
}

async function* entries(engine: DockerEngine, target: Target, options: LogOptions, signal: AbortSignal) {
  const { tail = 0 } = options;
  if (tail === 0 || tail > MAX_COUNTED_LINES) return yield* joinLines(pieces(engine, target, options, signal));
  const read = (last: number) => pieces(engine, target, { ...options, follow: false, tail: last }, signal);
  const window = await tailWindow(read, tail);
  for await (const entry of joinLines(pieces(engine, target, { ...options, tail: window.pieces }, signal))) {
    if (entry.timestamp >= window.from) yield entry;
  }
}

async function* pieces(engine: DockerEngine, { id, tty }: Target, options: LogOptions, signal: AbortSignal) {
  // dockerode gives a stream for follow only, and else holds the whole log in memory.
  const request = { follow: true, _query: logQuery(options) } as const;
  const stream = await engine.open(
    (docker, abortSignal) => docker.getContainer(id).logs({ ...request, abortSignal }),
    signal,
  );
  yield* tty ? rawPieces(stream) : framedPieces(stream);
}

/** Docker takes seconds with a fraction, and refuses RFC 3339 (500). */
const logQuery = ({ follow, tail, since, until }: LogOptions) => ({
  follow,
  stdout: true,
  stderr: true,
  timestamps: true,
  ...(tail !== undefined && { tail }),
  ...(since && { since: since.getTime() / 1000 }),
  ...(until && { until: until.getTime() / 1000 }),
});
