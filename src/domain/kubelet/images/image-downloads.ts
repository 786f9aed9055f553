import type { Images, ImageStatus, RegistryAuth } from '../../container-runtime/image.ts';
import { RuntimeError } from '../../container-runtime/runtime-error.ts';
import type { Clock } from '../../meta/clock.ts';
import type { PullObserver, PullRequest } from './pull-request.ts';

const pullTimeout = 3_600_000;
/** What is told of a pull comes ever more rarely: an hour of it is nine messages. */
const firstProgress = 10_000;
const maxParallel = 2;

/** What is downloaded now, and what waits for its turn. */
export class ImageDownloads {
  readonly #images: Images;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #running = 0;
  readonly #queue: (() => void)[] = [];

  constructor(images: Images, clock: Clock, signal: AbortSignal) {
    this.#images = images;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** `started` is when its turn came, in milliseconds since 1970. Throws RuntimeError. */
  async download(
    { reference, credentials }: PullRequest,
    observer: PullObserver,
  ): Promise<{ image: ImageStatus | undefined; started: number }> {
    await this.#slot();
    try {
      const started = this.#clock.now().getTime();
      await this.#tryEach(reference, credentials, observer);
      return { image: await this.#images.status(reference), started };
    } finally {
      this.#leave();
    }
  }

  /** Registries say in several ways that they do not know somebody; only one that does not answer says nothing about the credentials. */
  async #tryEach(reference: string, credentials: readonly RegistryAuth[], observer: PullObserver): Promise<void> {
    const [first, ...rest] = credentials;
    try {
      await this.#download(reference, first, observer);
    } catch (error) {
      if (rest.length === 0 || !(error instanceof RuntimeError) || error.code === 'Unavailable') throw error;
      await this.#tryEach(reference, rest, observer);
    }
  }

  async #download(reference: string, auth: RegistryAuth | undefined, observer: PullObserver): Promise<void> {
    let pause = firstProgress;
    let told = this.#clock.now().getTime();
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(pullTimeout)]);
    for await (const { message } of this.#images.pull(reference, auth, signal)) {
      const now = this.#clock.now().getTime();
      if (now - told < pause) continue;
      [told, pause] = [now, pause * 2];
      observer.progress(message);
    }
  }

  async #slot(): Promise<void> {
    if (this.#running < maxParallel) this.#running++;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
  }

  /** Hands the turn on, so that nobody who comes now takes it from those that wait. */
  #leave(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#running--;
  }
}
