import { keyOf, metaOf } from '../../meta/object-key.ts';
import { applyJsonPatch } from '../../meta/patch/json-patch.ts';
import { isJsonObject } from '../../meta/patch/json-value.ts';
import { checkFields } from '../../meta/schema/check-fields.ts';
import { schemaOfKind } from '../../meta/schema/schema-table.ts';
import { internalError } from '../../meta/status-error.ts';
import type { KubernetesObject } from '../../meta/types.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import type { AdmissionRequest } from '../chain.ts';
import { reviewedObject, unreviewed } from './reviewed-object.ts';

export type Patched = { request: AdmissionRequest; resource: ResourceDefinition; webhookName: string; patch: unknown };

/**
 * The object as a webhook's patch makes it, with defaults (apiserver pkg/admission/plugin/webhook/mutating/dispatcher.go
 * callAttrMutatingHook). Throws 500 when the patch does not fit: that is the webhook's fault, not the client's, and no failurePolicy hides it.
 */
export function patchedObject({ request, resource, webhookName, patch }: Patched): KubernetesObject {
  const { object, definition, subresource } = request;
  if (object === undefined) {
    throw internalError(
      `admission webhook "${webhookName}" attempted to modify the object, which is not supported for this operation`,
    );
  }
  const result = applyJsonPatch(reviewedObject(object, subresource, resource), patch);
  if (result.kind === 'invalid') throw internalError(result.message);
  const next = definition.default(unreviewed(typed(result.object), object, request));
  return request.operation === 'CREATE' ? withServerFields(next, request, object, webhookName) : next;
}

/** Without what its type does not know, as a Go server would have decoded it. Custom resources have no such type. */
function typed(value: unknown): KubernetesObject {
  if (!isJsonObject(value)) throw internalError('json: cannot unmarshal the patched document into an object');
  const { apiVersion, kind } = value as KubernetesObject;
  const schema = schemaOfKind(apiVersion ?? '', kind ?? '');
  if (schema === undefined) return value as KubernetesObject;
  const { object, typeErrors } = checkFields(value, schema);
  if (typeErrors[0] !== undefined) throw internalError(typeErrors[0]);
  return object as KubernetesObject;
}

/** A new object has its name and uid already, and a status is nobody's to give; an update's are put right by the registry. */
function withServerFields(
  next: KubernetesObject,
  { key, definition }: AdmissionRequest,
  given: KubernetesObject,
  webhookName: string,
): KubernetesObject {
  const { name, namespace } = keyOf(next);
  if (name !== key.name || namespace !== key.namespace) {
    throw internalError(
      `admission webhook "${webhookName}" attempted to change the name or namespace of the object, which k2d does not support`,
    );
  }
  const {
    deletionTimestamp: _deletion,
    deletionGracePeriodSeconds: _grace,
    resourceVersion: _version,
    ...metadata
  } = metaOf(next);
  const { uid, creationTimestamp, generation } = metaOf(given);
  const server = { uid, creationTimestamp, generation };
  const defined = Object.fromEntries(Object.entries(server).filter(([, value]) => value !== undefined));
  const { status: _status, ...rest } = next as { status?: unknown };
  const { status } = given as { status?: unknown };
  return {
    ...(definition.subresources.includes('status') ? { ...rest, ...(status === undefined ? {} : { status }) } : next),
    metadata: { ...metadata, ...defined },
  };
}
