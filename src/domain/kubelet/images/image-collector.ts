import type { ContainerRuntime } from '../../container-runtime/container-runtime.ts';
import { fullImageName } from '../../container-runtime/image-name.ts';
import { RuntimeError } from '../../container-runtime/runtime-error.ts';
import type { Clock } from '../../meta/clock.ts';
import type { Logger } from '../../meta/logger.ts';
import type { Pod } from '../../meta/types.ts';
import type { NodeDisk } from '../../resources/node-usage.ts';
import { imageCollectionPlan, type ImageCollectionPolicy, type Removal } from './image-collection-plan.ts';
import type { PulledImages } from './pulled-images.ts';
import { errorMessage } from '../../meta/error-message.ts';

export type ImageCollectorOptions = {
  runtime: Pick<ContainerRuntime, 'containers' | 'images'>;
  policy: ImageCollectionPolicy;
  pulled: PulledImages;
  /** Of the engine's disk; undefined when it cannot be seen. */
  disk: () => Promise<NodeDisk | undefined>;
  /** Those whose images must stay. */
  pods: () => readonly Pod[];
  /** Tells the operator, as an event of the node. */
  warn: (reason: string, message: string) => void;
  /** The images have changed. */
  collected: () => void;
  clock: Clock;
  logger: Logger;
};

/** The operator hears of the same trouble no oftener (kubernetes pkg/kubelet/kubelet.go ImageGCPeriod). */
const warnEveryMs = 300_000;

/**
 * Removes images when the engine's disk is full. Looked at when a pull or a pod has ended, for that is when disks fill and images fall out of
 * use; nothing runs meanwhile (kubernetes pkg/kubelet/images/image_gc_manager.go).
 */
export class ImageCollector {
  readonly #options: ImageCollectorOptions;
  readonly #lastUsed = new Map<string, number>();
  #state: 'idle' | 'looking' | 'lookingAgain' = 'idle';
  #warnedAt = -Infinity;

  constructor(options: ImageCollectorOptions) {
    this.#options = options;
  }

  /** One look at a time; whoever asks meanwhile causes another one. */
  look(): void {
    if (this.#options.policy.scope === 'off') return;
    if (this.#state !== 'idle') {
      this.#state = 'lookingAgain';
      return;
    }
    this.#state = 'looking';
    void this.#collect()
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        const again = this.#state === 'lookingAgain';
        this.#state = 'idle';
        if (again) this.look();
      });
  }

  async #collect(): Promise<void> {
    const { disk, policy } = this.#options;
    const usage = await disk();
    if (!usage) return;
    const { totalBytes, availableBytes } = usage;
    const usedPercent = 100 - Math.floor((availableBytes * 100) / totalBytes);
    if (usedPercent < policy.high) return;
    const wanted = Math.floor((totalBytes * (100 - policy.low)) / 100) - availableBytes;
    const freed = await this.#free(wanted);
    if (freed >= wanted) return;
    this.#warn(
      'FreeDiskSpaceFailed',
      `Failed to garbage collect required amount of images. Attempted to free ${wanted} bytes, but only found ${freed} bytes eligible to free.`,
    );
  }

  /** Answers how many bytes the removed images had. */
  async #free(bytes: number): Promise<number> {
    const { runtime, policy, pulled, pods, clock, collected } = this.#options;
    const now = clock.now();
    const images = await runtime.images.list();
    const used = await this.#inUse();
    for (const id of used) this.#lastUsed.set(id, now.getTime());
    const facts = {
      images,
      used,
      now,
      pulled: (id: string) => pulled.get(id),
      wanted: new Set(pods().flatMap(imagesOf).map(fullImageName)),
      lastUsed: (id: string) => this.#lastUsed.get(id) ?? 0,
    };
    let freed = 0;
    for (const removal of imageCollectionPlan(facts, policy)) {
      if (freed >= bytes) break;
      if (await this.#remove(removal)) freed += removal.sizeBytes;
    }
    const left = new Set((freed > 0 ? await runtime.images.list() : images).map(({ id }) => id));
    for (const id of this.#lastUsed.keys()) if (!left.has(id)) this.#lastUsed.delete(id);
    await pulled.keepOnly(left, now);
    if (freed > 0) collected();
    return freed;
  }

  /** Of all containers of the engine, whoever made them, running or not. */
  async #inUse(): Promise<Set<string>> {
    const { containers } = this.#options.runtime;
    const used = new Set<string>();
    for (const { id } of await containers.list()) {
      const found = await containers.status(id);
      if (found) used.add(found.imageId);
    }
    return used;
  }

  /** Name by name, so that the engine refuses when a container has been made from it meanwhile. One that stays does not keep the others. */
  async #remove({ id, names }: Removal): Promise<boolean> {
    const { runtime, logger } = this.#options;
    try {
      for (const name of names) await runtime.images.remove(name);
      if (await runtime.images.status(id)) await runtime.images.remove(id);
      logger.info({ image: names[0] ?? id }, 'removed an image, for the disk is full');
      return true;
    } catch (error) {
      if (!(error instanceof RuntimeError && error.code === 'Conflict'))
        logger.warn({ error, image: names[0] ?? id }, 'cannot remove an image');
      return false;
    }
  }

  #failed(error: unknown): void {
    this.#options.logger.warn({ error }, 'cannot collect images');
    this.#warn('ImageGCFailed', errorMessage(error));
  }

  #warn(reason: string, message: string): void {
    const now = this.#options.clock.now().getTime();
    // Clocks are also set back.
    if (Math.abs(now - this.#warnedAt) < warnEveryMs) return;
    this.#warnedAt = now;
    this.#options.warn(reason, message);
  }
}

const imagesOf = ({ spec }: Pod): string[] => [
  ...[...(spec?.containers ?? []), ...(spec?.initContainers ?? []), ...(spec?.ephemeralContainers ?? [])].flatMap(
    ({ image }) => image ?? [],
  ),
  ...(spec?.volumes ?? []).flatMap(({ image }) => image?.reference ?? []),
];
