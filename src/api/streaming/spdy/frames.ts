/** Types of control frames (draft-mbelshe-httpbis-spdy-00, 2.6). Of others is nothing to be known: they are passed over. */
export const frameTypes = { synStream: 1, synReply: 2, rstStream: 3, ping: 6, goAway: 7, headers: 8 } as const;

/** Why a stream is reset. */
export const resetReasons = { protocolError: 1, refusedStream: 3, cancel: 5 } as const;

export const FLAG_FIN = 1;

/** Bytes of data in one frame: Go's clients hold a frame as a whole. */
export const largestData = 64 * 1024;

/** Without it Go's inflater waits for more before it gives out what it has. */
const emptyBlock = [0, 0, 0, 0xff, 0xff];

/** No headers, which is a count of 0, as a piece of an uncompressed zlib stream; before the first one comes the stream's beginning. */
const noHeaders = (isFirst: boolean): Buffer =>
  Buffer.from([...(isFirst ? [0x78, 1] : []), 0, 4, 0, 0xfb, 0xff, 0, 0, 0, 0, ...emptyBlock]);

/** A stream is accepted; there is nothing more to say about it. */
export const synReply = (streamId: number, isFirst: boolean): Buffer =>
  control(frameTypes.synReply, uint32(streamId), noHeaders(isFirst));

export const rstStream = (streamId: number, reason: number): Buffer =>
  control(frameTypes.rstStream, uint32(streamId), uint32(reason));

export const ping = (id: number): Buffer => control(frameTypes.ping, uint32(id));

export const goAway = (lastStreamId: number): Buffer => control(frameTypes.goAway, uint32(lastStreamId), uint32(0));

/** What stands before the data. */
export const dataHead = (streamId: number, length: number, isFinal: boolean): Buffer =>
  Buffer.concat([uint32(streamId), uint32(length + (isFinal ? FLAG_FIN * 2 ** 24 : 0))]);

function control(type: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([0x80, 3, 0, type]), uint32(body.length), body]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
