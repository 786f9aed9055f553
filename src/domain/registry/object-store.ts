import type { ObjectKey } from '../meta/object-key.ts';
import type { KubernetesObject } from '../meta/types.ts';

/** Where intent is kept. `resource` is `deployments.apps` or `pods`. */
export type ObjectStore = {
  /** All objects of a resource that were ever acknowledged and not removed since, in no order. An unreadable file is reported and left. */
  load(resource: string): AsyncIterable<KubernetesObject>;
  /** Resolves when the object would survive a power cut. The old one stays whole until then. */
  put(resource: string, key: ObjectKey, object: KubernetesObject): Promise<void>;
  /** Resolves when the removal would survive a power cut. Gone is success. */
  remove(resource: string, key: ObjectKey): Promise<void>;
  /** The bound below which resource versions were handed out; 0 at the very first start. */
  resourceVersionBound(): Promise<number>;
  /** Resolves when the new bound would survive a power cut. */
  raiseResourceVersionBound(bound: number): Promise<void>;
};
