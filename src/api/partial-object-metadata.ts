import { metaOf } from '../domain/meta/object-key.ts';
import type { KubernetesObject } from '../domain/meta/types.ts';

/** metav1.PartialObjectMetadata: for clients that need no more than names, labels and owners. */
export const partialObjectMetadata = (object: KubernetesObject, version: string) => ({
  kind: 'PartialObjectMetadata',
  apiVersion: `meta.k8s.io/${version}`,
  metadata: metaOf(object),
});
