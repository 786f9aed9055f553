/** Bytes of a stream, by count. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** Exactly so many, which have to fit into memory; undefined at the end of the stream. Throws when it ends before them. */
  async take(count: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for await (const piece of this.pieces(count, 'maybe')) parts.push(piece);
    return parts.length === 0 && count > 0 ? undefined : Buffer.concat(parts);
  }

  /** Exactly so many, as they come. */
  async *pieces(count: number, there: 'surely' | 'maybe' = 'surely'): AsyncGenerator<Buffer> {
    for (let left = count; left > 0;) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next();
        if (next.done && there === 'maybe' && left === count) return;
        if (next.done) throw new Error('the archive ends too early');
        this.#rest = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
        continue;
      }
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
}
