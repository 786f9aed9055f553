import type { Duplex } from 'node:stream';
import { createDeflate, constants } from 'node:zlib';
import { dataHead, FLAG_FIN, frameTypes, ping, rstStream } from './frames.ts';
import { headerDictionary } from './header-dictionary.ts';

/** What a stream of the client has heard. */
type Heard = { isAccepted: boolean; bytes: number; pieces: Buffer[]; isEnded: boolean; resetReason: number };

/** The client's side of SPDY, of which it shows what it hears; it follows no rules of its own. */
export class SpdyClient {
  readonly pings: number[] = [];
  isToldToGo = false;
  isClosed = false;
  readonly #wire: Duplex;
  readonly #streams = new Map<number, Heard>();
  readonly #deflate = createDeflate({ dictionary: headerDictionary });
  #rest = Buffer.alloc(0);

  constructor(wire: Duplex) {
    this.#wire = wire;
    wire.on('data', (data: Buffer) => this.#hear(data));
    wire.on('error', () => undefined).once('close', () => (this.isClosed = true));
    wire.once('end', () => (this.isClosed = true));
  }

  async open(streamId: number, headers: Readonly<Record<string, string>>, isFinal = false): Promise<void> {
    const block = await this.#compressed(headers);
    const head = Buffer.alloc(18);
    head.writeUInt32BE(0x8003_0000 + frameTypes.synStream);
    head.writeUInt32BE(block.length + 10 + (isFinal ? FLAG_FIN * 2 ** 24 : 0), 4);
    head.writeUInt32BE(streamId, 8);
    this.#wire.write(Buffer.concat([head, block]));
  }

  /** False when the server, or what is between, takes no more for now. */
  send(streamId: number, data: string | Buffer, isFinal = false): boolean {
    const bytes = Buffer.from(data);
    return this.#wire.write(Buffer.concat([dataHead(streamId, bytes.length, isFinal), bytes]));
  }

  reset(streamId: number): void {
    this.#wire.write(rstStream(streamId, 5));
  }

  ping(id: number): void {
    this.#wire.write(ping(id));
  }

  /** Bytes as they are. */
  raw(bytes: Buffer): void {
    this.#wire.write(bytes);
  }

  heard(streamId: number): Omit<Heard, 'pieces'> {
    const { pieces: _, ...heard } = this.#stream(streamId);
    return heard;
  }

  text(streamId: number): string {
    return this.bytesOf(streamId).toString();
  }

  bytesOf(streamId: number): Buffer {
    return Buffer.concat(this.#stream(streamId).pieces);
  }

  pause(): void {
    this.#wire.pause();
  }

  resume(): void {
    this.#wire.resume();
  }

  destroy(): void {
    this.#wire.destroy();
  }

  #stream(streamId: number): Heard {
    const heard = this.#streams.get(streamId) ?? {
      isAccepted: false,
      bytes: 0,
      pieces: [],
      isEnded: false,
      resetReason: 0,
    };
    this.#streams.set(streamId, heard);
    return heard;
  }

  #hear(data: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, data]);
    while (this.#rest.length >= 8) {
      const length = this.#rest.readUIntBE(5, 3);
      if (this.#rest.length < 8 + length) return;
      this.#hearFrame(this.#rest.subarray(0, 8), this.#rest.subarray(8, 8 + length));
      this.#rest = this.#rest.subarray(8 + length);
    }
  }

  #hearFrame(head: Buffer, body: Buffer): void {
    if (head[0]! < 0x80) {
      const heard = this.#stream(head.readUInt32BE(0));
      heard.pieces.push(Buffer.from(body));
      heard.bytes += body.length;
      heard.isEnded ||= (head[4]! & FLAG_FIN) !== 0;
      return;
    }
    const type = head.readUInt16BE(2);
    if (type === frameTypes.synReply) this.#stream(body.readUInt32BE(0)).isAccepted = true;
    if (type === frameTypes.rstStream) this.#stream(body.readUInt32BE(0)).resetReason = body.readUInt32BE(4);
    if (type === frameTypes.ping) this.pings.push(body.readUInt32BE(0));
    if (type === frameTypes.goAway) this.isToldToGo = true;
  }

  async #compressed(headers: Readonly<Record<string, string>>): Promise<Buffer> {
    const entries = Object.entries(headers);
    const parts = [
      uint32(entries.length),
      ...entries.flat().flatMap((text) => [uint32(text.length), Buffer.from(text)]),
    ];
    const pieces: Buffer[] = [];
    const collect = (piece: Buffer) => void pieces.push(piece);
    this.#deflate.on('data', collect);
    this.#deflate.write(Buffer.concat(parts));
    await new Promise<void>((resolve) => this.#deflate.flush(constants.Z_SYNC_FLUSH, resolve));
    this.#deflate.off('data', collect);
    return Buffer.concat(pieces);
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
