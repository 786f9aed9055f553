import { createInflate, type Inflate } from 'node:zlib';
import { headerDictionary } from './header-dictionary.ts';
import { SpdyError } from './spdy-error.ts';

export type Headers = ReadonlyMap<string, string>;

/** Bytes of all headers of one frame. Kubernetes' have about a hundred. */
const largest = 16 * 1024;

/** Reads the headers of one direction: all of them are one compressed stream, so each block has to pass, in order. */
export class HeaderBlocks {
  readonly #inflate: Inflate = createInflate({ dictionary: headerDictionary, chunkSize: 1024 });

  constructor() {
    // Whoever waits hears of its end.
    this.#inflate.on('error', () => undefined);
  }

  /** Names are in lower case. Throws SpdyError for what is no block, or is too large. */
  async read(block: Buffer): Promise<Headers> {
    return parsed(await this.#inflated(block));
  }

  close(): void {
    this.#inflate.destroy();
  }

  async #inflated(block: Buffer): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let length = 0;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const collect = (piece: Buffer) => {
      length += piece.length;
      if (length > largest) reject(new SpdyError('too many headers'));
      else pieces.push(piece);
    };
    // An inflater that ends, by error or by what it reads, calls back no more.
    const end = () => reject(new SpdyError('headers that cannot be decompressed'));
    this.#inflate.on('data', collect).once('close', end);
    if (this.#inflate.destroyed) end();
    this.#inflate.write(block, (error) => (error ? end() : resolve()));
    try {
      await promise;
    } finally {
      this.#inflate.off('data', collect).off('close', end);
    }
    return Buffer.concat(pieces);
  }
}

/** A count, and so many names and values, each after its length, all in 32 bits. */
function parsed(block: Buffer): Headers {
  let offset = 0;
  const number = (): number => {
    if (offset + 4 > block.length) throw new SpdyError('headers that are cut off');
    offset += 4;
    return block.readUInt32BE(offset - 4);
  };
  const text = (): string => {
    const length = number();
    if (offset + length > block.length) throw new SpdyError('headers that are cut off');
    offset += length;
    return block.toString('utf8', offset - length, offset);
  };
  const headers = new Map<string, string>();
  for (let left = number(); left > 0; left -= 1) headers.set(text().toLowerCase(), text());
  return headers;
}
