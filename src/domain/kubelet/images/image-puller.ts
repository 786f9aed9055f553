import { createHash } from 'node:crypto';
import type { Images, RegistryAuth } from '../../container-runtime/image.ts';
import { RuntimeError } from '../../container-runtime/runtime-error.ts';
import type { Clock } from '../../meta/clock.ts';
import type { WaitingReason } from '../status/waiting-reason.ts';

export type ImageState =
  | { kind: 'present'; imageId: string }
  /** The caller is woken when it changes; `retryAt` in milliseconds since 1970 is when the next pull may begin. */
  | { kind: 'waiting'; waiting: WaitingReason; retryAt?: number };

/** `asker` names the container that is to be made, so that `Always` pulls once for each making. */
export type PullRequest = { reference: string; policy: string; asker: string; auth: RegistryAuth | undefined };

/** Tells what a puller does, for events. */
export type PullObserver = {
  pulling(): void;
  pulled(milliseconds: number): void;
  progress(message: string): void;
  failed(message: string, usesLocal: boolean): void;
};

type Pull =
  | { kind: 'pulling'; waiters: Set<() => void> }
  | { kind: 'failed'; message: string; attempts: number; retryAt: number };

const firstDelay = 10_000;
const maxDelay = 300_000;
const pullTimeout = 3_600_000;
const progressEvery = 10_000;
const maxParallel = 2;
/** Failures that are remembered for their back-off. */
const maxRemembered = 256;

/**
 * Pulls each image once however many pods wait for it, with growing pauses after a failure
 * (kubernetes pkg/kubelet/images/image_manager.go). Nobody waits inside; callers are woken.
 */
export class ImagePuller {
  readonly #images: Images;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #pulls = new Map<string, Pull>();
  /** Pulls of policy Always that ended well, by who asked: each container made anew asks once. */
  readonly #fresh = new Map<string, string>();
  #running = 0;
  readonly #queue: (() => void)[] = [];

  constructor(images: Images, clock: Clock, signal: AbortSignal) {
    this.#images = images;
    this.#clock = clock;
    this.#signal = signal;
  }

  async ensure(request: PullRequest, observer: PullObserver, wake: () => void): Promise<ImageState> {
    const { reference, policy, asker } = request;
    const key = pullKey(request);
    const local = await this.#images.status(reference);
    const wantsPull = policy === 'Always' ? this.#fresh.get(asker) !== reference : policy !== 'Never' && !local;
    if (!wantsPull) {
      this.#fresh.delete(asker);
      if (local && this.#pulls.get(key)?.kind === 'failed') this.#pulls.delete(key);
      return local ? { kind: 'present', imageId: local.id } : neverPull(reference);
    }
    const pull = this.#pulls.get(key);
    if (pull?.kind === 'pulling') {
      pull.waiters.add(wake);
      return creating;
    }
    if (pull?.kind === 'failed') {
      // A device must be able to restart what it has while its registry is out of reach.
      if (local) {
        this.#pulls.delete(key);
        return { kind: 'present', imageId: local.id };
      }
      if (pull.retryAt > this.#clock.now().getTime()) return backOff(reference, pull);
    }
    this.#begin(request, pull?.kind === 'failed' ? pull.attempts : 0, local !== undefined, observer, wake);
    return creating;
  }

  /** Drops what was noted for a pod's containers; `asker`s begin with the pod's uid. */
  forget(podUid: string): void {
    for (const asker of this.#fresh.keys()) if (asker.startsWith(podUid)) this.#fresh.delete(asker);
  }

  #begin(request: PullRequest, attempts: number, isLocal: boolean, observer: PullObserver, wake: () => void): void {
    const { reference, asker } = request;
    const key = pullKey(request);
    const waiters = new Set([wake]);
    this.#pulls.set(key, { kind: 'pulling', waiters });
    this.#forgetOldFailures();
    observer.pulling();
    const started = this.#clock.now().getTime();
    const done = () => waiters.forEach((w) => w());
    this.#pull(reference, request.auth, observer).then(
      () => {
        this.#pulls.delete(key);
        this.#fresh.set(asker, reference);
        observer.pulled(this.#clock.now().getTime() - started);
        done();
      },
      (error: unknown) => {
        const message = error instanceof RuntimeError ? error.message : String(error);
        const delay = Math.min(maxDelay, firstDelay * 2 ** attempts);
        this.#pulls.set(key, {
          kind: 'failed',
          message,
          attempts: attempts + 1,
          retryAt: this.#clock.now().getTime() + delay,
        });
        observer.failed(message, isLocal);
        done();
      },
    );
  }

  #forgetOldFailures(): void {
    for (const [key, { kind }] of this.#pulls) {
      if (this.#pulls.size <= maxRemembered) return;
      if (kind === 'failed') this.#pulls.delete(key);
    }
  }

  async #pull(reference: string, auth: RegistryAuth | undefined, observer: PullObserver): Promise<void> {
    await this.#slot();
    try {
      let told = this.#clock.now().getTime();
      const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(pullTimeout)]);
      for await (const { message } of this.#images.pull(reference, auth, signal)) {
        const now = this.#clock.now().getTime();
        if (now - told < progressEvery) continue;
        told = now;
        observer.progress(message);
      }
    } finally {
      this.#running--;
      this.#queue.shift()?.();
    }
  }

  async #slot(): Promise<void> {
    if (this.#running >= maxParallel) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#running++;
  }
}

/** A pull with other credentials is another pull: its failure says nothing about this one. */
function pullKey({ reference, auth }: PullRequest): string {
  if (auth === undefined) return reference;
  return `${reference} ${createHash('sha256').update(JSON.stringify(auth)).digest('hex')}`;
}

const creating: ImageState = { kind: 'waiting', waiting: { reason: 'ContainerCreating' } };

const neverPull = (reference: string): ImageState => ({
  kind: 'waiting',
  waiting: {
    reason: 'ErrImageNeverPull',
    message: `Container image "${reference}" is not present with pull policy of Never`,
  },
});

/** The first moments after a failure show the failure, later ones the pause (kubectl users know both). */
const backOff = (reference: string, pull: { message: string; attempts: number; retryAt: number }): ImageState => ({
  kind: 'waiting',
  waiting:
    pull.attempts === 1
      ? { reason: 'ErrImagePull', message: pull.message }
      : { reason: 'ImagePullBackOff', message: `Back-off pulling image "${reference}": ErrImagePull: ${pull.message}` },
  retryAt: pull.retryAt,
});
