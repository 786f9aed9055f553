import { createHash } from 'node:crypto';
import type { Images, ImageStatus, RegistryAuth } from '../../container-runtime/image.ts';
import { RuntimeError } from '../../container-runtime/runtime-error.ts';
import type { Clock } from '../../meta/clock.ts';
import type { WaitingReason } from '../status/waiting-reason.ts';
import { isImageReference } from './image-reference.ts';

export type ImageState =
  | { kind: 'present'; imageId: string }
  /** The caller is woken when it changes; `retryAt` in milliseconds since 1970 is when the next pull may begin. */
  | { kind: 'waiting'; waiting: WaitingReason; retryAt?: number };

/** `asker` names the container that is to be made, so that `Always` pulls once for each making. */
export type PullRequest = {
  reference: string;
  policy: string;
  asker: string;
  /** Each is tried until one is accepted; none is a pull without. */
  credentials: readonly RegistryAuth[];
};

/** Tells what a puller does, for events. */
export type PullObserver = {
  present(): void;
  neverPulled(): void;
  invalidName(message: string): void;
  pulling(): void;
  /** `total` holds the time before others had ended too; in milliseconds. */
  pulled(took: { pull: number; total: number }, sizeBytes: number | undefined): void;
  progress(message: string): void;
  failed(message: string, usesLocal: boolean): void;
  backOff(message: string): void;
};

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
const pullTimeout = 3_600_000;
/** What is told of a pull comes ever more rarely: an hour of it is nine messages. */
const firstProgress = 10_000;
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

  readonly #ended: (pull: EndedPull) => void;

  /** `ended` hears of every pull that made an image present. */
  constructor(images: Images, clock: Clock, signal: AbortSignal, ended: (pull: EndedPull) => void) {
    this.#images = images;
    this.#ended = ended;
    this.#clock = clock;
    this.#signal = signal;
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
      if (pull.retryAt > this.#clock.now().getTime()) return backOff(reference, pull, observer);
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
    this.#pull(request, observer).then(
      ({ image, started }) => {
        this.#pulls.delete(key);
        this.#fresh.set(asker, reference);
        const now = this.#clock.now().getTime();
        observer.pulled({ pull: now - started, total: now - asked }, image?.sizeBytes);
        if (image) this.#ended({ reference, image, before });
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
        observer.failed(message, before !== undefined);
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

  async #pull({ reference, credentials }: PullRequest, observer: PullObserver) {
    await this.#slot();
    try {
      const started = this.#clock.now().getTime();
      await this.#tryEach(reference, credentials, observer);
      return { image: await this.#images.status(reference), started };
    } finally {
      this.#running--;
      this.#queue.shift()?.();
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
    if (this.#running >= maxParallel) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#running++;
  }
}

/** A pull with other credentials is another pull: its failure says nothing about this one. */
function pullKey({ reference, credentials }: PullRequest): string {
  if (credentials.length === 0) return reference;
  return `${reference} ${createHash('sha256').update(JSON.stringify(credentials)).digest('hex')}`;
}

const waitingFor = (reason: string, message: string): ImageState => ({ kind: 'waiting', waiting: { reason, message } });

const creating: ImageState = { kind: 'waiting', waiting: { reason: 'ContainerCreating' } };

function neverPull(reference: string, observer: PullObserver): ImageState {
  observer.neverPulled();
  return waitingFor('ErrImageNeverPull', `Container image "${reference}" is not present with pull policy of Never`);
}

function invalidName(reference: string, observer: PullObserver): ImageState {
  const message = `Failed to apply default image tag "${reference}": couldn't parse image name "${reference}": invalid reference format`;
  observer.invalidName(message);
  return waitingFor('InvalidImageName', message);
}

/** The first moments after a failure show the failure, later ones the pause (kubectl users know both). */
function backOff(
  reference: string,
  pull: { message: string; attempts: number; retryAt: number },
  observer: PullObserver,
): ImageState {
  const { retryAt } = pull;
  if (pull.attempts === 1)
    return { kind: 'waiting', waiting: { reason: 'ErrImagePull', message: pull.message }, retryAt };
  const message = `Back-off pulling image "${reference}": ErrImagePull: ${pull.message}`;
  observer.backOff(message);
  return { kind: 'waiting', waiting: { reason: 'ImagePullBackOff', message }, retryAt };
}
