import { createHash } from 'node:crypto';
import type { Images, ImageStatus } from '../../container-runtime/image.ts';
import type { Clock } from '../../meta/clock.ts';
import { errorMessage } from '../../meta/error-message.ts';
import { ImageDownloads } from './image-downloads.ts';
import { isImageReference } from './image-reference.ts';
import { backOff, creating, invalidName, neverPull, type ImageState } from './image-state.ts';
import type { PullObserver, PullRequest } from './pull-request.ts';

export type EndedPull = {
  reference: string;
  image: ImageStatus;
  /** What the reference named before; undefined when nothing. */
  before: string | undefined;
};

type Pull =
  | { kind: 'pulling'; waiters: Set<() => void> }
  | { kind: 'failed'; message: string; attempts: number; retryAt: number };

const firstDelay = 10_000;
const maxDelay = 300_000;
/** Failures that are remembered for their back-off, and pulls that somebody has still to make use of. */
const maxRemembered = 256;

/**
 * Pulls each image once however many pods wait for it, with growing pauses after a failure
 * (kubernetes pkg/kubelet/images/image_manager.go). Nobody waits inside; callers are woken.
 */
export class ImagePuller {
  readonly #images: Images;
  readonly #clock: Clock;
  readonly #pulls = new Map<string, Pull>();
  /** Pulls of policy Always that ended well, by who asked: each container made anew asks once. */
  readonly #fresh = new Map<string, string>();
  readonly #downloads: ImageDownloads;
  readonly #ended: (pull: EndedPull) => void;

  /** `ended` hears of every pull that made an image present. */
  constructor(images: Images, clock: Clock, signal: AbortSignal, ended: (pull: EndedPull) => void) {
    this.#images = images;
    this.#ended = ended;
    this.#clock = clock;
    this.#downloads = new ImageDownloads(images, clock, signal);
  }

  async ensure(request: PullRequest, observer: PullObserver, wake: () => void): Promise<ImageState> {
    const { reference, policy, asker } = request;
    if (!isImageReference(reference)) return invalidName(reference, observer);
    const key = pullKey(request);
    const local = await this.#images.status(reference);
    const wantsPull = policy === 'Always' ? this.#fresh.get(asker) !== reference : policy !== 'Never' && !local;
    if (!wantsPull) {
      const isFresh = this.#fresh.delete(asker);
      if (local && this.#pulls.get(key)?.kind === 'failed') this.#pulls.delete(key);
      if (!local) return neverPull(reference, observer);
      if (!isFresh) observer.present();
      return { kind: 'present', imageId: local.id };
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
      const left = pull.retryAt - this.#clock.now().getTime();
      // Longer is only what a clock said that was set back since.
      if (left > 0 && left <= maxDelay) return backOff(reference, pull, observer);
    }
    this.#begin(request, pull?.kind === 'failed' ? pull.attempts : 0, local?.id, observer, wake);
    return creating;
  }

  /** Drops what was noted for a pod's containers; `asker`s begin with the pod's uid. */
  forget(podUid: string): void {
    for (const asker of this.#fresh.keys()) if (asker.startsWith(podUid)) this.#fresh.delete(asker);
  }

  #begin(
    request: PullRequest,
    attempts: number,
    before: string | undefined,
    observer: PullObserver,
    wake: () => void,
  ): void {
    const { reference, asker } = request;
    const key = pullKey(request);
    const waiters = new Set([wake]);
    this.#pulls.set(key, { kind: 'pulling', waiters });
    this.#forgetOldFailures();
    observer.pulling();
    const asked = this.#clock.now().getTime();
    const done = () => waiters.forEach((w) => w());
    this.#downloads.download(request, observer).then(
      ({ image, started }) => {
        this.#pulls.delete(key);
        this.#note(asker, reference);
        const now = this.#clock.now().getTime();
        observer.pulled({ pull: now - started, total: now - asked }, image?.sizeBytes);
        if (image) this.#ended({ reference, image, before });
        done();
      },
      (error: unknown) => {
        const message = errorMessage(error);
        const delay = Math.min(maxDelay, firstDelay * 2 ** attempts);
        this.#pulls.set(key, {
          kind: 'failed',
          message,
          attempts: attempts + 1,
          retryAt: this.#clock.now().getTime() + delay,
        });
        observer.failed(message, before !== undefined);
        done();
      },
    );
  }

  /** Who asked may have gone meanwhile and never ask again. */
  #note(asker: string, reference: string): void {
    this.#fresh.set(asker, reference);
    if (this.#fresh.size > maxRemembered) this.#fresh.delete(this.#fresh.keys().next().value!);
  }

  #forgetOldFailures(): void {
    for (const [key, { kind }] of this.#pulls) {
      if (this.#pulls.size <= maxRemembered) return;
      if (kind === 'failed') this.#pulls.delete(key);
    }
  }
}

/** A pull with other credentials is another pull: its failure says nothing about this one. */
function pullKey({ reference, credentials }: PullRequest): string {
  if (credentials.length === 0) return reference;
  return `${reference} ${createHash('sha256').update(JSON.stringify(credentials)).digest('hex')}`;
}
