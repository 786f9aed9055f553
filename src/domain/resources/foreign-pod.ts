import { metaOf } from '../meta/object-key.ts';
import type { KubernetesObject } from '../meta/types.ts';

/** Marks a container that somebody made with the engine's own tools and that k2d shows as a pod. */
export const foreignAnnotation = 'k2d.io/foreign';

export const isForeign = (object: KubernetesObject): boolean =>
  metaOf(object).annotations?.[foreignAnnotation] !== undefined;
