import { streamFrames } from '../wire/stream-frames.ts';

/** What the engine keeps as one message of its log: a line with its line feed, or a part of one. Begins with its timestamp. */
export type LogPiece = { stream: 'stdout' | 'stderr'; timestamp: string; content: Buffer };

/** Longest content of a piece (moby daemon/logger/copier.go defaultBufSize). */
const MAX_PIECE_BYTES = 16 * 1024;

const SPACE = 0x20;
const LINE_FEED = 0x0a;
/** `2026-11-21T19:53:03.507233892Z`: Docker pads to nanoseconds. */
const TIMESTAMP_BYTES = 30;

/** Only a full piece without a line feed has another one to follow: a short one is the last that its process wrote. */
export const goesOn = (content: Buffer): boolean => content.length >= MAX_PIECE_BYTES && content.at(-1) !== LINE_FEED;

/** The pieces of a log of two streams: a frame each. */
export async function* framedPieces(chunks: AsyncIterable<Buffer>): AsyncGenerator<LogPiece> {
  for await (const { stream, payload } of streamFrames(chunks)) yield piece(stream, payload);
}

/** The pieces of a terminal's output, which Docker sends without frames: each begins with a timestamp and ends by its content. */
export async function* rawPieces(chunks: AsyncIterable<Buffer>): AsyncGenerator<LogPiece> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = rawEnd(rest); end !== undefined; end = rawEnd(rest)) {
      yield piece('stdout', rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  }
  if (rest.length > 0) yield piece('stdout', rest);
}

function rawEnd(buffer: Buffer): number | undefined {
  const longest = TIMESTAMP_BYTES + 1 + MAX_PIECE_BYTES;
  const lineFeed = buffer.subarray(0, longest).indexOf(LINE_FEED);
  if (lineFeed >= 0) return lineFeed + 1;
  return buffer.length >= longest ? longest : undefined;
}

function piece(stream: LogPiece['stream'], bytes: Buffer): LogPiece {
  const space = bytes.indexOf(SPACE);
  return { stream, timestamp: bytes.subarray(0, space).toString('latin1'), content: bytes.subarray(space + 1) };
}
