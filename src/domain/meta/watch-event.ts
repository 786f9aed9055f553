import type { KubernetesObject } from './types.ts';

/** One change of one object. `previous` is the state before it, which selector watches need. */
export type ChangeEvent<T extends KubernetesObject = KubernetesObject> = {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resourceVersion: number;
  object: T;
  previous?: T;
};
