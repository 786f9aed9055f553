import type { KubernetesObject, PodTemplateSpec } from '../../meta/types.ts';

/** Has the images of a template's pods pulled; tells whether they are there, and else when to ask again. */
export type PullAhead = (
  owner: KubernetesObject,
  template: PodTemplateSpec,
) => Promise<'present' | { retryMs: number }>;

type Owner = KubernetesObject & { spec?: { template: PodTemplateSpec } };

/** In how many ms to ask again for what pods of the present template need; undefined when all of it is there, so that others may stop for them. */
export async function imagesAheadInMs(pullAhead: PullAhead, owner: Owner): Promise<number | undefined> {
  const images = await pullAhead(owner, owner.spec!.template);
  return images === 'present' ? undefined : images.retryMs;
}
