import type { ContainerStatus } from '../../container-runtime/container.ts';
import { fullImageName } from '../../container-runtime/image-name.ts';
import type { Images } from '../../container-runtime/image.ts';

/** Images that are remembered; more than a small device has. */
const maxKnown = 256;

/**
 * Knows images by the digests that their registries have them by: what Kubernetes calls their id. An image that came from no registry has
 * only its own.
 */
export class ImageRefs {
  readonly #images: Pick<Images, 'status'>;
  readonly #digests = new Map<string, readonly string[]>();

  constructor(images: Pick<Images, 'status'>) {
    this.#images = images;
  }

  /** Asks the engine about images that are new. */
  async learn(containers: readonly Pick<ContainerStatus, 'imageId'>[]): Promise<void> {
    for (const { imageId } of containers) {
      if (imageId === '' || this.#digests.has(imageId)) continue;
      const found = await this.#images.status(imageId).catch(() => undefined);
      if (!found) continue;
      this.#digests.set(imageId, found.digests);
      if (this.#digests.size > maxKnown) this.#digests.delete(this.#digests.keys().next().value!);
    }
  }

  /** Of several digests, that of the repository which the container was made from. */
  of({ image, imageId }: Pick<ContainerStatus, 'image' | 'imageId'>): string {
    const digests = this.#digests.get(imageId) ?? [];
    const repository = repositoryOf(fullImageName(image));
    return digests.find((digest) => repositoryOf(digest) === repository) ?? digests[0] ?? imageId;
  }
}

const repositoryOf = (name: string): string => name.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
