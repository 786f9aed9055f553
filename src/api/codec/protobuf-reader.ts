/** The message ends too early, or holds what no encoder writes. */
export class ProtobufError extends Error {}

export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

export type Tag = { readonly number: number; readonly wireType: number };

/**
 * Reads the wire format of protocol buffers from part of a buffer (https://protobuf.dev/programming-guides/encoding). Every length is
 * checked against the end of the part; anything wrong throws a ProtobufError.
 */
export class ProtobufReader {
  readonly #bytes: Buffer;
  #position: number;
  readonly #end: number;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#position = start;
    this.#end = end;
  }

  get atEnd(): boolean {
    return this.#position === this.#end;
  }

  tag(): Tag {
    const key = this.#size();
    const number = Math.floor(key / 8);
    if (number < 1 || number > 2 ** 29 - 1) throw new ProtobufError(`illegal tag ${number}`);
    return { number, wireType: key % 8 };
  }

  /** An unsigned number of up to 64 bits. */
  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new ProtobufError('integer overflow');
  }

  /** A reader of the length-delimited part that comes next. */
  part(): ProtobufReader {
    const start = this.#advance(this.#length());
    return new ProtobufReader(this.#bytes, start, this.#position);
  }

  bytes(): Buffer {
    const start = this.#advance(this.#length());
    return this.#bytes.subarray(start, this.#position);
  }

  /** Eight bytes, the lowest first. */
  fixed64(): Buffer {
    const start = this.#advance(8);
    return this.#bytes.subarray(start, this.#position);
  }

  /** Passes over the value of a field that the reader does not know. Groups are no part of Kubernetes' messages. */
  skip(wireType: number): void {
    switch (wireType) {
      case wireTypes.varint:
        this.varint();
        return;
      case wireTypes.fixed64:
        this.#advance(8);
        return;
      case wireTypes.bytes:
        this.#advance(this.#length());
        return;
      case wireTypes.fixed32:
        this.#advance(4);
        return;
      default:
        throw new ProtobufError(`illegal wireType ${wireType}`);
    }
  }

  #length(): number {
    const length = this.#size();
    if (length > this.#end - this.#position) throw new ProtobufError('unexpected EOF');
    return length;
  }

  /** A tag or a length: small in every honest message, and exact as a number as far as it matters. */
  #size(): number {
    let value = 0;
    for (let factor = 1; factor < 2 ** 70; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw new ProtobufError('integer overflow');
  }

  #byte(): number {
    return this.#bytes.readUInt8(this.#advance(1));
  }

  /** Moves on and returns where it was. */
  #advance(count: number): number {
    const start = this.#position;
    if (count > this.#end - start) throw new ProtobufError('unexpected EOF');
    this.#position = start + count;
    return start;
  }
}
