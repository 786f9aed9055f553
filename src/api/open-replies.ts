import { once } from 'node:events';
import type { Reply } from './app.ts';

/** Milliseconds that writes under way, and clients that read the rest, may take when the server stops. */
const endWithin = 3000;

/** What is being answered. When the server stops, watches and all else that lasts end, and what is under way is answered first. */
export class OpenReplies {
  readonly #open = new Set<Reply>();
  readonly #lasting = new Map<Reply, AbortController>();
  #isStopping = false;

  /** From its request until it is sent, or its client goes. */
  note(reply: Reply): void {
    this.#open.add(reply);
    reply.raw.once('close', () => this.#open.delete(reply));
  }

  /** For a reply that lasts, such as a watch: aborted when its client goes and when the server stops. */
  closedSignal(reply: Reply): AbortSignal {
    const controller = new AbortController();
    if (this.#isStopping || reply.raw.destroyed) {
      controller.abort();
      return controller.signal;
    }
    this.#lasting.set(reply, controller);
    reply.raw.once('close', () => {
      this.#lasting.delete(reply);
      controller.abort();
    });
    return controller.signal;
  }

  /** Ends them all; resolves when their clients have everything. */
  async end(): Promise<void> {
    this.#isStopping = true;
    const all = [...this.#open].map(async (reply) => {
      const limit = AbortSignal.timeout(endWithin);
      const ended = once(reply.raw, 'close', { signal: limit });
      this.#lasting.get(reply)?.abort();
      await ended;
      // Closing the server destroys connections whose reply has ended, even with bytes still to be encrypted (Node 22).
      const { socket } = reply.request.raw;
      // Of a connection that was taken over, the end is the end of its reply.
      if (socket.closed) return;
      const closed = once(socket, 'close', { signal: limit });
      socket.destroySoon();
      await closed;
    });
    await Promise.allSettled(all);
  }
}
