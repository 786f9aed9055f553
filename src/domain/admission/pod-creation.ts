import type { Pod, PodSpec } from '../meta/types.ts';
import { isForeign } from '../resources/foreign-pod.ts';
import { pods } from '../resources/pod.ts';
import type { AdmissionRequest } from './chain.ts';

export type NewPod = Pod & { spec: PodSpec };

/** The pod that a request is about to create; undefined for any other request and for containers that somebody else made: those are as they are. */
export function newPodOf({ operation, definition, subresource, object }: AdmissionRequest): NewPod | undefined {
  if (operation !== 'CREATE' || definition.plural !== pods.plural || definition.group !== pods.group) return undefined;
  if (subresource !== undefined || !object || isForeign(object)) return undefined;
  return object as NewPod;
}
