import { once } from 'node:events';
import type { Reply } from './app.ts';

/** Milliseconds that clients may take to read the rest when the server stops. */
const flushLimit = 1000;

/** Replies that take long, such as watches: each ends when its client goes, all of them when the server stops. */
export class OpenReplies {
  readonly #open = new Map<AbortController, Reply>();
  #isStopping = false;

  closedSignal(reply: Reply): AbortSignal {
    const controller = new AbortController();
    if (this.#isStopping || reply.raw.destroyed) {
      controller.abort();
      return controller.signal;
    }
    this.#open.set(controller, reply);
    reply.raw.once('close', () => {
      this.#open.delete(controller);
      controller.abort();
    });
    return controller.signal;
  }

  /** Ends them all; resolves when their clients have everything. */
  async end(): Promise<void> {
    this.#isStopping = true;
    const all = [...this.#open].map(async ([controller, reply]) => {
      const limit = AbortSignal.timeout(flushLimit);
      const ended = once(reply.raw, 'close', { signal: limit });
      controller.abort();
      await ended;
      // Closing the server destroys connections whose reply has ended, even with bytes still to be encrypted (Node 22).
      const { socket } = reply.request.raw;
      const closed = once(socket, 'close', { signal: limit });
      socket.destroySoon();
      await closed;
    });
    await Promise.allSettled(all);
  }
}
