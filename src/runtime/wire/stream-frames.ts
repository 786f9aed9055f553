import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';

export type StreamFrame = { stream: 'stdout' | 'stderr'; payload: Buffer };

const headerBytes = 8;
/** Docker cuts at 16 KiB, Podman at 8. */
const maxPayloadBytes = 1024 * 1024;
const streams: Partial<Record<number, StreamFrame['stream']>> = { 0: 'stdout', 1: 'stdout', 2: 'stderr' };

/**
 * The frames in which engines carry two streams over one connection: one byte for the stream, three of nothing, the payload's length as 32 bits, big
 * endian (Docker Engine API, ContainerAttach). Internal when the bytes are no frames.
 */
export async function* streamFrames(body: AsyncIterable<Buffer>): AsyncIterable<StreamFrame> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of body) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let frame = first(rest); frame; frame = first(rest)) {
      rest = rest.subarray(headerBytes + frame.payload.length);
      yield frame;
    }
  }
}

function first(bytes: Buffer): StreamFrame | undefined {
  if (bytes.length < headerBytes) return undefined;
  const stream = streams[bytes.readUInt8(0)];
  const length = bytes.readUInt32BE(4);
  if (!stream || length > maxPayloadBytes) throw new RuntimeError('Internal', 'the stream is not in frames');
  if (bytes.length < headerBytes + length) return undefined;
  return { stream, payload: bytes.subarray(headerBytes, headerBytes + length) };
}
