import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';

export type StreamFrame = { stream: 'stdout' | 'stderr'; payload: Buffer };

/** As much of a frame's payload as has come at once; `left` bytes of it are still to come. */
type FramePiece = { stream: StreamFrame['stream']; data: Buffer; left: number };

const headerBytes = 8;
/** Docker cuts logs at 16 KiB and processes' output at 32, Podman at 8. */
const maxPayloadBytes = 1024 * 1024;
const streams: Partial<Record<number, StreamFrame['stream']>> = { 0: 'stdout', 1: 'stdout', 2: 'stderr' };

/**
 * The frames in which engines carry two streams over one connection: one byte for the stream, three of nothing, the payload's length as 32 bits, big
 * endian (Docker Engine API, ContainerAttach). Internal when the bytes are no frames.
 */
export async function* streamFrames(body: AsyncIterable<Buffer>): AsyncIterable<StreamFrame> {
  let parts: Buffer[] = [];
  for await (const { stream, data, left } of framePieces(body)) {
    parts.push(data);
    if (left > 0) continue;
    yield { stream, payload: parts.length === 1 ? data : Buffer.concat(parts) };
    parts = [];
  }
}

/** The same bytes as they come: nothing waits for the rest of its frame, and nothing is copied. An empty frame is an empty piece. */
export async function* framePieces(body: AsyncIterable<Buffer>): AsyncIterable<FramePiece> {
  let header: Buffer = Buffer.alloc(0);
  let open: Omit<FramePiece, 'data'> | undefined;
  for await (const chunk of body) {
    let rest = chunk;
    while (rest.length > 0) {
      if (!open) {
        const missing = headerBytes - header.length;
        header = Buffer.concat([header, rest.subarray(0, missing)]);
        rest = rest.subarray(missing);
        if (header.length < headerBytes) break;
        open = frameOf(header);
        header = Buffer.alloc(0);
      }
      const data = rest.subarray(0, open.left);
      rest = rest.subarray(data.length);
      const left = open.left - data.length;
      if (data.length > 0 || left === 0) yield { stream: open.stream, data, left };
      open = left === 0 ? undefined : { stream: open.stream, left };
    }
  }
}

function frameOf(header: Buffer): { stream: StreamFrame['stream']; left: number } {
  const stream = streams[header.readUInt8(0)];
  const left = header.readUInt32BE(4);
  if (!stream || left > maxPayloadBytes) throw new RuntimeError('Internal', 'the stream is not in frames');
  return { stream, left };
}
