/** Tells one reader that something changed since it last looked, however often it did. */
export class ChangeSignal {
  #changed = false;
  #wake: () => void = () => undefined;

  /** To be called by whoever changes something. */
  readonly notify = (): void => {
    this.#changed = true;
    this.#wake();
  };

  /** Resolves when something has changed since this last resolved, or with the signal. */
  async next(signal: AbortSignal): Promise<void> {
    if (!this.#changed && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      signal.addEventListener('abort', this.#wake);
      await promise;
      signal.removeEventListener('abort', this.#wake);
    }
    this.#changed = false;
  }
}
