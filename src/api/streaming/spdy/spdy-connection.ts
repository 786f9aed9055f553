import type { Duplex } from 'node:stream';
import { dataHead, goAway, largestData, ping, resetReasons, rstStream, synReply } from './frames.ts';
import { type Frame, readFrames } from './read-frames.ts';
import { SpdyError } from './spdy-error.ts';
import { SpdyStream } from './spdy-stream.ts';

/** Streams that may be open at once; each waiting one costs memory. */
const mostStreams = 512;

/** Answers that wait for a client which asks and does not read. */
const mostWaiting = 1024;

/** Milliseconds between two words to a client whose own have to wait: that it has gone shows only when it is written to. */
const wordInterval = 20_000;

/**
 * The server's side of SPDY/3.1 as moby/spdystream speaks it, the library of all Kubernetes' clients: the client opens streams, and there is no flow
 * control but that of the connection below; WINDOW_UPDATE and SETTINGS are neither sent nor looked at. So a stream that nobody reads holds up the others, in both
 * programs; a stream that nobody needs has to be read all the same, or destroyed.
 */
export class SpdyConnection {
  readonly #wire: Duplex;
  readonly #accepts: (stream: SpdyStream) => boolean;
  readonly #streams = new Map<number, SpdyStream>();
  #lastStreamId = 0;
  #hasReplied = false;
  #isLeaving = false;
  #waiting = 0;

  /** `accepts` hears of every stream that the client opens, before it hears of its data; false resets it. */
  constructor(wire: Duplex, accepts: (stream: SpdyStream) => boolean) {
    this.#wire = wire;
    this.#accepts = accepts;
    // Whoever serves hears of its end.
    wire.on('error', () => undefined);
  }

  /** Resolves when the connection is over, and with it all streams. */
  async serve(): Promise<void> {
    const leave = () => this.#destroyStreams();
    this.#wire.once('close', leave);
    try {
      for await (const frame of readFrames(this.#wire)) await this.#hear(frame);
    } catch {
      // It broke off, or does not speak SPDY: over in any case.
    } finally {
      this.#wire.destroy();
      leave();
    }
  }

  /** Everything has been said: waits until the client, which may have to read a lot yet, goes by itself. Whoever has the wire cuts it when that stalls. */
  async leave(): Promise<void> {
    if (this.#wire.destroyed) return;
    this.#isLeaving = true;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wire.once('close', () => resolve());
    this.#wire.write(goAway(this.#lastStreamId));
    await promise;
  }

  async #hear(frame: Frame): Promise<void> {
    switch (frame.kind) {
      case 'open':
        return this.#open(frame);
      case 'data':
        return this.#heard(frame.streamId, frame.data, frame.isFinal);
      case 'reset':
        return this.#streams.get(frame.streamId)?.hearReset();
      case 'ping':
        // Even ones answer the server's own, which sends none.
        return frame.id % 2 === 1 ? this.#answer(ping(frame.id)) : undefined;
      case 'go away':
        this.#isLeaving = true;
    }
  }

  async #heard(streamId: number, data: Buffer, isFinal: boolean): Promise<void> {
    const room = this.#streams.get(streamId)?.hear(data, isFinal);
    if (room === undefined) return;
    const words = setInterval(() => this.#answer(ping(2)), wordInterval);
    await room;
    clearInterval(words);
  }

  #open({ streamId, headers, isFinal }: Extract<Frame, { kind: 'open' }>): void {
    if (streamId % 2 === 0 || streamId <= this.#lastStreamId) {
      return this.#answer(rstStream(streamId, resetReasons.protocolError));
    }
    this.#lastStreamId = streamId;
    if (this.#isLeaving || this.#streams.size >= mostStreams) {
      return this.#answer(rstStream(streamId, resetReasons.refusedStream));
    }
    const stream = new SpdyStream(streamId, headers, {
      data: (bytes, isEnd, done) => this.#send(streamId, bytes, isEnd, done),
      reset: () => this.#answer(rstStream(streamId, resetReasons.cancel)),
      closed: () => this.#streams.delete(streamId),
    });
    this.#streams.set(streamId, stream);
    if (!this.#accepts(stream)) {
      stream.destroy();
      return;
    }
    this.#answer(synReply(streamId, !this.#hasReplied));
    this.#hasReplied = true;
    if (isFinal) void stream.hear(Buffer.alloc(0), true);
  }

  #send(streamId: number, bytes: Buffer, isEnd: boolean, done: (error?: Error | null) => void): void {
    this.#wire.cork();
    let rest = bytes;
    for (; rest.length > largestData; rest = rest.subarray(largestData)) {
      this.#wire.write(dataHead(streamId, largestData, false));
      this.#wire.write(rest.subarray(0, largestData));
    }
    const head = dataHead(streamId, rest.length, isEnd);
    if (rest.length > 0) this.#wire.write(head);
    this.#wire.write(rest.length > 0 ? rest : head, done);
    this.#wire.uncork();
  }

  #answer(frame: Buffer): void {
    if (this.#wire.destroyed) return;
    this.#waiting += 1;
    this.#wire.write(frame, () => (this.#waiting -= 1));
    if (this.#waiting > mostWaiting) this.#wire.destroy(new SpdyError('answers that nobody reads'));
  }

  #destroyStreams(): void {
    for (const stream of this.#streams.values()) stream.destroy(new Error('connection lost'));
  }
}
