import type { LogEntry, LogOptions } from '../../domain/container-runtime/container.ts';
import type { DockerEngine } from './docker-engine.ts';
import { joinLines } from './join-lines.ts';
import { framedPieces, rawPieces } from './log-pieces.ts';

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
  let last: LogEntry | undefined;
  for await (const entry of entries(engine, target, options, signal)) {
    last = entry;
    yield entry;
  }
  if (!options.follow || signal.aborted) return;
  const rest = last ? { follow: false, since: last.time } : { ...options, follow: false };
  for await (const entry of entries(engine, target, { ...rest, until: new Date(Date.now() + 1) }, signal)) {
    if (!last || entry.timestamp > last.timestamp) yield entry;
  }
}

async function* entries(engine: DockerEngine, { id, tty }: Target, options: LogOptions, signal: AbortSignal) {
  // dockerode gives a stream for follow only, and else holds the whole log in memory.
  const request = { follow: true, _query: logQuery(options) } as const;
  const stream = await engine.open(
    (docker, abortSignal) => docker.getContainer(id).logs({ ...request, abortSignal }),
    signal,
  );
  yield* joinLines(tty ? rawPieces(stream) : framedPieces(stream));
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
