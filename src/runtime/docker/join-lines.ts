import type { LogEntry } from '../../domain/container-runtime/container.ts';
import { goesOn, type LogPiece } from './log-pieces.ts';

/** A longer line is told in entries of this size, so that output without line feeds needs no more memory. */
const MAX_LINE_BYTES = 256 * 1024;
const LINE_FEED = 0x0a;

type Unfinished = { timestamp: string; parts: Buffer[]; bytes: number };

/** Lines out of pieces, each stream by itself; a line has the time of its first piece. */
export async function* joinLines(pieces: AsyncIterable<LogPiece>): AsyncGenerator<LogEntry> {
  const unfinished = new Map<LogEntry['stream'], Unfinished>();
  for await (const { stream, timestamp, content } of pieces) {
    const line = unfinished.get(stream) ?? { timestamp, parts: [], bytes: 0 };
    line.parts.push(content);
    line.bytes += content.length;
    if (goesOn(content) && line.bytes < MAX_LINE_BYTES) unfinished.set(stream, line);
    else {
      unfinished.delete(stream);
      yield entry(stream, line);
    }
  }
  for (const [stream, line] of unfinished) yield entry(stream, line);
}

function entry(stream: LogEntry['stream'], { timestamp, parts }: Unfinished): LogEntry {
  const [first = Buffer.alloc(0)] = parts;
  const whole = parts.length === 1 ? first : Buffer.concat(parts);
  const line = whole.at(-1) === LINE_FEED ? whole.subarray(0, -1) : whole;
  return { stream, time: new Date(timestamp), timestamp, line };
}
