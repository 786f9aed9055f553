import type { LogEntry } from '../../domain/container-runtime/container.ts';
import { type StreamFrame, streamFrames } from '../wire/stream-frames.ts';

/** A program that never ends its line must not fill our memory: it is cut here. */
const maxLineBytes = 1024 * 1024;

type OpenLine = { timestamp: string; parts: Buffer[]; bytes: number };

/**
 * Lines from the frames of a log asked for with timestamps. The engine cuts long lines into frames and stamps each part; only a frame that ends with a line
 * feed ends a line, and the two streams take turns in between.
 */
export async function* logEntries(body: AsyncIterable<Buffer>): AsyncIterable<LogEntry> {
  const open = new Map<LogEntry['stream'], OpenLine>();
  for await (const frame of streamFrames(body)) {
    const { timestamp, text } = splitTimestamp(frame);
    const line = open.get(frame.stream) ?? { timestamp, parts: [], bytes: 0 };
    const ended = text.at(-1) === 0x0a;
    line.parts.push(ended ? text.subarray(0, -1) : text);
    line.bytes += text.length;
    open.set(frame.stream, line);
    if (!ended && line.bytes < maxLineBytes) continue;
    open.delete(frame.stream);
    yield entryOf(frame.stream, line);
  }
  for (const [stream, line] of open) yield entryOf(stream, line);
}

function splitTimestamp({ payload }: StreamFrame): { timestamp: string; text: Buffer } {
  const space = payload.indexOf(' ');
  return { timestamp: payload.subarray(0, space).toString(), text: payload.subarray(space + 1) };
}

const entryOf = (stream: LogEntry['stream'], { timestamp, parts }: OpenLine): LogEntry => ({
  stream,
  timestamp,
  time: new Date(timestamp),
  line: Buffer.concat(parts),
});
