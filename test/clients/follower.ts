import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** A program that goes on until it is stopped; what it printed so far, line by line, on either stream. */
export class Follower {
  readonly lines: string[] = [];
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #closed: Promise<unknown>;
  #read = 0;
  #heard = Promise.withResolvers<void>();

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.#closed = once(child, 'close');
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => {
        this.lines.push(line);
        this.#heard.resolve();
        this.#heard = Promise.withResolvers();
      });
    }
  }

  /** The first line of all that matches. */
  until(pattern: RegExp, timeoutMs = 90_000): Promise<string> {
    this.#read = 0;
    return this.next(pattern, timeoutMs);
  }

  /** The first line that matches after the one that was found last. */
  async next(pattern: RegExp, timeoutMs = 90_000): Promise<string> {
    const expired = delay(timeoutMs, 'time is up', { ref: false });
    for (;;) {
      const line = this.lines[this.#read];
      if (line !== undefined) {
        this.#read += 1;
        if (pattern.test(line)) return line;
        continue;
      }
      const end = await Promise.race([this.#heard.promise, expired, this.#closed.then(() => 'it ended')]);
      if (end && this.#read >= this.lines.length) throw new Error(`${end}: no ${pattern} in\n${this.lines.join('\n')}`);
    }
  }

  /** Resolves when it has ended, by itself or through this. */
  async stop(): Promise<void> {
    this.#child.kill();
    await this.#closed;
  }

  /** Resolves with the exit code when it ends by itself. */
  async end(): Promise<number | null> {
    await this.#closed;
    return this.#child.exitCode;
  }
}
