import { ByteReader } from '../../../domain/meta/byte-reader.ts';
import { FLAG_FIN, frameTypes } from './frames.ts';
import { type Headers, HeaderBlocks } from './header-blocks.ts';
import { SpdyError } from './spdy-error.ts';

export type Frame =
  | { kind: 'open'; streamId: number; headers: Headers; isFinal: boolean }
  /** A piece of a frame of data; the last one of the last frame is final. */
  | { kind: 'data'; streamId: number; data: Buffer; isFinal: boolean }
  | { kind: 'reset'; streamId: number }
  | { kind: 'ping'; id: number }
  | { kind: 'go away' };

/** Bytes of a control frame; those of Kubernetes' clients have less than 200. */
const largestControl = 16 * 1024;

const streamIdMask = 0x7fff_ffff;

/** Frames as a server hears them, until their end. Data is passed on as it comes, never gathered. Throws SpdyError. */
export async function* readFrames(pieces: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  const bytes = new ByteReader(pieces);
  const blocks = new HeaderBlocks();
  try {
    for (let head = await bytes.exactly(8); head; head = await bytes.exactly(8)) {
      const [first, flags, length] = [head.readUInt32BE(0), head[4]!, head.readUIntBE(5, 3)];
      const isFinal = (flags & FLAG_FIN) !== 0;
      if (first <= streamIdMask) {
        yield* data(bytes, first, length, isFinal);
        continue;
      }
      if (head[1] !== 3) throw new SpdyError(`version ${head[1]} of SPDY`);
      if (length > largestControl) throw new SpdyError('a control frame that is too large');
      const body = await bytes.exactly(length);
      const frame = body && (await controlFrame(head.readUInt16BE(2), body, isFinal, blocks));
      if (frame) yield frame;
    }
  } finally {
    blocks.close();
  }
}

async function* data(bytes: ByteReader, streamId: number, length: number, isFinal: boolean): AsyncGenerator<Frame> {
  if (length === 0) yield { kind: 'data', streamId, data: Buffer.alloc(0), isFinal };
  for (let missing = length; missing > 0;) {
    const piece = await bytes.atMost(missing);
    if (piece === undefined) return;
    missing -= piece.length;
    yield { kind: 'data', streamId, data: piece, isFinal: isFinal && missing === 0 };
  }
}

/** Undefined for what a server has nothing to do with. */
async function controlFrame(
  type: number,
  body: Buffer,
  isFinal: boolean,
  blocks: HeaderBlocks,
): Promise<Frame | undefined> {
  const id = () => {
    if (body.length < 4) throw new SpdyError('a control frame that is too short');
    return body.readUInt32BE(0);
  };
  switch (type) {
    case frameTypes.synStream: {
      const headers = await blocks.read(body.subarray(10));
      return { kind: 'open', streamId: id() & streamIdMask, headers, isFinal };
    }
    case frameTypes.synReply:
    case frameTypes.headers:
      // They say nothing here, but those that come later are compressed with them.
      await blocks.read(body.subarray(4));
      return undefined;
    case frameTypes.rstStream:
      return { kind: 'reset', streamId: id() & streamIdMask };
    case frameTypes.ping:
      return { kind: 'ping', id: id() };
    case frameTypes.goAway:
      return { kind: 'go away' };
    default:
      return undefined;
  }
}
