import type { Selector } from '../../meta/label-selector.ts';
import type { KubernetesObject, PodTemplateSpec, ReplicaSet } from '../../meta/types.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';

/** What asks for so many pods of one template. */
export type Replicated = KubernetesObject & {
  spec?: { replicas?: number; minReadySeconds?: number; template?: PodTemplateSpec };
  status?: ReplicaSet['status'];
};

/** In what ReplicaSets and ReplicationControllers differ. */
export type ReplicatedKind<T extends Replicated> = {
  controllerName: string;
  definition: ResourceDefinition<T>;
  selectorOf: (owner: T) => Selector;
  /** The status also says how many pods are on their way out. */
  countsTerminating: boolean;
};
