import { fullImageName } from '../../container-runtime/image-name.ts';
import type { ImageSummary } from '../../container-runtime/image.ts';
import type { PulledImage } from './pulled-images.ts';

export type ImageCollectionPolicy = {
  /** `pulled`: only what k2d itself pulled. */
  scope: 'pulled' | 'all' | 'off';
  /** Percent of the disk that must be in use before anything is removed, and that are aimed at then. */
  high: number;
  low: number;
  /** An image stays at least so long after its pull. */
  minAgeSeconds: number;
};

export type ImageFacts = {
  images: readonly ImageSummary[];
  pulled: (id: string) => PulledImage | undefined;
  /** Ids of images that some container is made from. */
  used: ReadonlySet<string>;
  /** Full names that pods ask for. */
  wanted: ReadonlySet<string>;
  /** When each image was last seen in use, in milliseconds since 1970. */
  lastUsed: (id: string) => number;
  now: Date;
};

export type Removal = {
  id: string;
  /** All names that it has: it is gone when the last one is. */
  names: readonly string[];
  sizeBytes: number;
};

/** What may go, those first that were not used for longest (kubernetes pkg/kubelet/images/image_gc_manager.go freeSpace). */
export const imageCollectionPlan = (facts: ImageFacts, policy: ImageCollectionPolicy): Removal[] =>
  facts.images
    .filter((image) => mayGo(image, facts, policy))
    .toSorted(byUse(facts))
    .map(({ id, tags, digests, sizeBytes }) => ({ id, names: tags.length > 0 ? tags : digests, sizeBytes }));

function mayGo(
  { id, tags }: ImageSummary,
  facts: ImageFacts,
  { scope, minAgeSeconds }: ImageCollectionPolicy,
): boolean {
  const pulled = facts.pulled(id);
  const own = new Set(pulled?.references.map(fullImageName));
  if (facts.used.has(id) || tags.some((tag) => facts.wanted.has(tag))) return false;
  if (pulled?.references.some((reference) => facts.wanted.has(fullImageName(reference)))) return false;
  if (scope === 'pulled' && (!pulled || !tags.every((tag) => own.has(tag)))) return false;
  // Clocks are also set back.
  return pulled === undefined || Math.abs(facts.now.getTime() - pulled.pulledAt) >= minAgeSeconds * 1000;
}

const byUse =
  ({ lastUsed, pulled }: ImageFacts) =>
  (a: ImageSummary, b: ImageSummary): number =>
    lastUsed(a.id) - lastUsed(b.id) || (pulled(a.id)?.pulledAt ?? 0) - (pulled(b.id)?.pulledAt ?? 0);
