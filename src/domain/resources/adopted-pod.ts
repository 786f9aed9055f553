import { metaOf } from '../meta/object-key.ts';
import type { Container, KubernetesObject } from '../meta/types.ts';

/** `true`, on the pod of a foreign container: k2d is to manage it from now on, as it runs. */
export const adoptAnnotation = 'k2d.io/adopt';

/** On a Deployment, until all of it is there: the foreign containers that it is made for, as their pod's mark names them. */
export const adoptingAnnotation = 'k2d.io/adopting';

/** On a pod: which containers of the engine are its own. Engines add no labels to a container that exists, so the pod remembers them. */
export const adoptedAnnotation = 'k2d.io/adopted';

export type Adopted = {
  /** The sandbox or container whose network they share. */
  network: string;
  /** By the container's name in the pod. */
  containers: Readonly<Record<string, { id: string; resources: NonNullable<Container['resources']> }>>;
};

/** Clients cannot write the annotation, so what is there is well-formed. */
export function adoptedBy(object: KubernetesObject): Adopted | undefined {
  const text = metaOf(object).annotations?.[adoptedAnnotation];
  return text === undefined ? undefined : (JSON.parse(text) as Adopted);
}

export const wantsAdoption = (object: KubernetesObject): boolean =>
  metaOf(object).annotations?.[adoptAnnotation] === 'true';
