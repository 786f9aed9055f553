import { invalid } from '../domain/meta/field-error.ts';
import { metaOf } from '../domain/meta/object-key.ts';
import { badRequest, conflict, objectModified } from '../domain/meta/status-error.ts';
import type { KubernetesObject } from '../domain/meta/types.ts';
import { groupResource, type ResourceDefinition } from '../domain/resources/resource-definition.ts';
import type { Call } from './verb.ts';

/** The object in the namespace of the path; throws 400 when it says another (apiserver pkg/registry/rest/meta.go). */
export function inRequestNamespace<T extends KubernetesObject>({ key: { namespace } }: Call, object: T): T {
  const given = metaOf(object).namespace ?? '';
  if (given !== '' && given !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  return namespace === '' ? object : { ...object, metadata: { ...metaOf(object), namespace } };
}

/** Throws 400 when the object names itself differently from the path (apiserver pkg/endpoints/handlers/rest.go checkName). */
export function checkName({ key }: Call, object: KubernetesObject): void {
  const { name = '', namespace = '' } = metaOf(object);
  if (name === '') {
    throw badRequest(`the name of the object (${key.name} based on URL) was undeterminable: name must be provided`);
  }
  if (name !== key.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${key.name})`);
  }
  if (key.namespace !== '' && namespace !== '' && namespace !== key.namespace) {
    throw badRequest(
      `the namespace of the object (${namespace}) does not match the namespace on the request (${key.namespace})`,
    );
  }
}

/** The optimistic lock: a client that names the state it saw must not overwrite another. Throws 409. */
export function checkIsCurrent(
  definition: ResourceDefinition,
  next: KubernetesObject,
  current: KubernetesObject,
): void {
  const { resourceVersion, uid } = metaOf(next);
  const name = metaOf(current).name ?? '';
  if (uid && uid !== metaOf(current).uid) {
    throw conflict(
      groupResource(definition),
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metaOf(current).uid}`,
    );
  }
  if (resourceVersion && resourceVersion !== '0' && resourceVersion !== metaOf(current).resourceVersion) {
    throw objectModified(groupResource(definition), name);
  }
}

/** Throws 422 for a replacement that does not say which version, where that is not allowed (apiserver registry/generic/registry/store.go). */
export function checkNamesVersion(definition: ResourceDefinition, next: KubernetesObject): void {
  const { name = '', resourceVersion } = metaOf(next);
  if (definition.unconditionalUpdate || (resourceVersion && resourceVersion !== '0')) return;
  const error = {
    reason: 'FieldValueInvalid',
    field: 'metadata.resourceVersion',
    message: 'Invalid value: 0x0: must be specified for an update',
  };
  // Kubernetes names the resource here, not the kind.
  throw invalid(definition.group, definition.plural, name, [error]);
}
