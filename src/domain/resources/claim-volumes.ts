import { metaOf } from '../meta/object-key.ts';
import type { PersistentVolumeClaim, Volume } from '../meta/types.ts';

/**
 * A template's volumes with those of its claims, which take the place of others of the same name (kubernetes
 * pkg/controller/statefulset/stateful_set_utils.go updateStorage).
 */
export function withClaimVolumes(
  volumes: readonly Volume[] | undefined,
  templates: readonly PersistentVolumeClaim[] | undefined,
  claimName: (template: string) => string,
): Volume[] {
  const names = (templates ?? []).map((template) => metaOf(template).name ?? '');
  return [
    ...names.map((name): Volume => ({ name, persistentVolumeClaim: { claimName: claimName(name) } })),
    ...(volumes ?? []).filter(({ name }) => !names.includes(name)),
  ];
}
