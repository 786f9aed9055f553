import { Duplex } from 'node:stream';
import type { Headers } from './header-blocks.ts';

/** How a stream speaks to its connection. */
export type StreamWire = {
  /** Calls back when more may come. */
  data: (bytes: Buffer, isFinal: boolean, done: (error?: Error | null) => void) => void;
  reset: () => void;
  /** It is over, whoever ended it. */
  closed: () => void;
};

/** Bytes that wait for a slow reader before the connection has to. */
const highWater = 128 * 1024;

/** One of the streams in a SPDY connection. Its two directions end one by one; destroying it resets it. */
export class SpdyStream extends Duplex {
  readonly id: number;
  readonly headers: Headers;
  readonly #wire: StreamWire;
  #heardEnd = false;
  #saidEnd = false;
  #isReset = false;
  #room: (() => void) | undefined;

  constructor(id: number, headers: Headers, wire: StreamWire) {
    super({ readableHighWaterMark: highWater, writableHighWaterMark: 16 * 1024 });
    this.id = id;
    this.headers = headers;
    this.#wire = wire;
    // Whoever uses it hears of its end; nobody has to.
    this.on('error', () => undefined);
  }

  /** From the connection. A promise when there is no room for more, which resolves when there is. What comes after the end is lost. */
  hear(data: Buffer, isFinal: boolean): Promise<void> | undefined {
    if (this.#heardEnd || this.destroyed) return undefined;
    const isFull = data.length > 0 && !this.push(data);
    if (isFinal) {
      this.#heardEnd = true;
      this.push(null);
    }
    return isFull && !isFinal ? new Promise((resolve) => (this.#room = resolve)) : undefined;
  }

  /** From the connection: the other side wants no more of it. */
  hearReset(): void {
    this.#isReset = true;
    this.destroy(new Error('stream reset'));
  }

  override _read(): void {
    this.#room?.();
    this.#room = undefined;
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#wire.data(bytes, false, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#saidEnd = true;
    this.#wire.data(Buffer.alloc(0), true, done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#room?.();
    if (!this.#isReset && !(this.#heardEnd && this.#saidEnd)) this.#wire.reset();
    this.#wire.closed();
    done(error);
  }
}
