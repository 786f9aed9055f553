import type { Reply } from './app.ts';

/** Replies that take long, such as watches: each ends when its client goes, all of them when the server stops. */
export class OpenReplies {
  readonly #controllers = new Set<AbortController>();
  #stopping = false;

  closedSignal(reply: Reply): AbortSignal {
    const controller = new AbortController();
    if (this.#stopping || reply.raw.destroyed) controller.abort();
    else this.#controllers.add(controller);
    reply.raw.once('close', () => {
      this.#controllers.delete(controller);
      controller.abort();
    });
    return controller.signal;
  }

  abort(): void {
    this.#stopping = true;
    for (const controller of this.#controllers) controller.abort();
  }
}
