import type { LogEntry, LogOptions } from '../../domain/container-runtime/container.ts';
import { type LibpodClient, path } from './libpod-client.ts';
import { logEntries } from './log-entries.ts';

/**
 * The log of a container. Podman's own `tail` is not used: 4.3 glues the parts of a long line, and a last line without a line feed, to the line
 * before, even of the other stream. The lines are counted instead, and then all but the last are left out.
 */
export async function* containerLogs(
  client: LibpodClient,
  id: string,
  options: LogOptions,
  signal: AbortSignal,
): AsyncIterable<LogEntry> {
  const { tail } = options;
  if (tail === undefined) return yield* readLog(client, id, options, signal);
  const before = await countLines(readLog(client, id, { ...options, follow: false }, signal));
  if (tail === 0 && !options.follow) return;
  let toSkip = before.lines - tail;
  for await (const entry of readLog(client, id, options, signal)) {
    // Lines written since the count are never left out, not even when the engine has started its log file anew.
    if (toSkip > 0 && entry.time <= before.until) toSkip -= 1;
    else yield entry;
  }
}

async function countLines(entries: AsyncIterable<LogEntry>): Promise<{ lines: number; until: Date }> {
  let [lines, until] = [0, new Date(0)];
  for await (const { time } of entries) [lines, until] = [lines + 1, time];
  return { lines, until };
}

async function* readLog(
  client: LibpodClient,
  id: string,
  { follow, since, until }: LogOptions,
  signal: AbortSignal,
): AsyncIterable<LogEntry> {
  if (signal.aborted) return;
  const query = {
    follow,
    stdout: true,
    stderr: true,
    timestamps: true,
    // Podman gives what is later than `since`, Kubernetes what is not earlier.
    since: since && new Date(since.getTime() - 1).toISOString(),
    until: until?.toISOString(),
  };
  try {
    // 4.3 sends no header before the first line: asked in vain, it would let a reader wait for ever.
    await client.get(path`/containers/${id}/exists`);
    yield* logEntries(await client.stream('GET', path`/containers/${id}/logs`, { query, signal, timeoutMs: 0 }));
  } catch (error) {
    if (signal.aborted) return;
    throw error;
  }
}
