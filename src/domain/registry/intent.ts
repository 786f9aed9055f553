import { sameJson } from '../meta/deep-equal.ts';
import { withoutStatusOwners } from '../meta/managed-fields/kept-owners.ts';
import { metaOf } from '../meta/object-key.ts';
import type { KubernetesObject } from '../meta/types.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';

export type WithStatus = KubernetesObject & { status?: unknown };

/** What is kept: status is computed, never stored; kinds without a status endpoint keep what they have, and so do those that others compute, and pods that have ended. */
export const intentOf = (definition: ResourceDefinition, object: KubernetesObject): KubernetesObject =>
  definition.keepsStatus(object) ? withKeptStatus(definition, object) : withoutStatus(definition, object);

function withKeptStatus({ keptStatus }: ResourceDefinition, object: WithStatus): WithStatus {
  return keptStatus && object.status !== undefined ? { ...object, status: keptStatus(object.status) } : object;
}

/** What may be written through the object's own endpoint. */
export function withoutStatus(definition: ResourceDefinition, object: KubernetesObject): KubernetesObject {
  if (!definition.subresources.includes('status')) return object;
  const { status: _status, ...intent } = object as WithStatus;
  return withKeptOwners(intent);
}

function withKeptOwners(object: KubernetesObject): KubernetesObject {
  const { managedFields, ...metadata } = metaOf(object);
  const kept = managedFields && withoutStatusOwners(managedFields);
  if (kept === managedFields) return object;
  return { ...object, metadata: kept?.length ? { ...metadata, managedFields: [...kept] } : metadata };
}

/** True when storing `next` would write again what is stored: a change of status costs no write. */
export const sameIntent = (
  definition: ResourceDefinition,
  next: KubernetesObject,
  current: KubernetesObject | undefined,
): boolean =>
  current !== undefined &&
  sameJson(unversioned(intentOf(definition, next)), unversioned(intentOf(definition, current)));

const unversioned = (object: KubernetesObject): KubernetesObject => {
  const { resourceVersion: _version, ...metadata } = metaOf(object);
  return { ...object, metadata };
};
