import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program that goes on until it is stopped; what it printed so far, line by line, on either stream. */
export class Follower {
  readonly lines: string[] = [];
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #closed: Promise<unknown>;
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

  /** The first line, from the beginning or of those to come, that matches. */
  async until(pattern: RegExp, timeoutMs = 30_000): Promise<string> {
    const deadline = AbortSignal.timeout(timeoutMs);
    const expired = once(deadline, 'abort');
    for (let at = 0; ; at += 1) {
      while (at >= this.lines.length) {
        const ended = await Promise.race([
          this.#heard.promise,
          expired.then(() => 'time'),
          this.#closed.then(() => 'end'),
        ]);
        if (ended !== undefined && at >= this.lines.length) {
          throw new Error(`${ended}, and no line matches ${pattern}:\n${this.lines.join('\n')}`);
        }
      }
      const line = this.lines[at]!;
      if (pattern.test(line)) return line;
    }
  }

  /** Resolves when it has ended, by itself or through this. */
  async stop(): Promise<void> {
    this.#child.kill();
    await this.#closed;
  }

  /** Resolves when it ends by itself. */
  async end(): Promise<void> {
    await this.#closed;
  }
}
