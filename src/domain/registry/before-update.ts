import { sameJson } from '../meta/deep-equal.ts';
import { metaOf } from '../meta/object-key.ts';
import type { KubernetesObject } from '../meta/types.ts';
import { apiVersionOf, type ResourceDefinition } from '../resources/resource-definition.ts';
import type { FieldManagement } from './field-ownership.ts';
import { withoutStatus, type WithStatus } from './intent.ts';

/**
 * What the server owns stays as it was; status and the rest never change in the same write
 * (apiserver pkg/registry/rest/update.go BeforeUpdate).
 */
export function beforeUpdate<T extends KubernetesObject>(
  definition: ResourceDefinition<T>,
  next: T,
  current: T,
  { subresource, isApplied }: FieldManagement,
): T {
  const server = metaOf(current);
  const client =
    subresource === 'status'
      ? { ...server, ...Object.fromEntries(definition.statusMetadata.map((field) => [field, metaOf(next)[field]])) }
      : metaOf(next);
  const metadata = compact({
    ...client,
    ...(isApplied ? { managedFields: metaOf(next).managedFields } : {}),
    name: client.name ?? server.name,
    namespace: client.namespace ?? server.namespace,
    uid: client.uid ?? server.uid,
    creationTimestamp: server.creationTimestamp,
    resourceVersion: server.resourceVersion,
    generation: server.generation,
    deletionTimestamp: server.deletionTimestamp,
    deletionGracePeriodSeconds: server.deletionGracePeriodSeconds,
  });
  const hasStatus = definition.subresources.includes('status');
  const body: WithStatus = subresource === 'status' ? { ...current, status: (next as WithStatus).status } : next;
  const status = hasStatus && subresource !== 'status' ? (current as WithStatus).status : body.status;
  return compact({
    ...body,
    apiVersion: apiVersionOf(definition),
    kind: definition.kind,
    metadata,
    status,
  }) as unknown as T;
}

const compact = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;

/** What is changed but for metadata and status is a new generation. */
export function countGeneration<T extends KubernetesObject>(definition: ResourceDefinition<T>, next: T, current: T): T {
  if (!definition.hasGeneration) return next;
  const contentOf = (object: T) => ({ ...withoutStatus(definition, object), metadata: undefined });
  if (sameJson(contentOf(next), contentOf(current))) return next;
  return { ...next, metadata: { ...metaOf(next), generation: (metaOf(current).generation ?? 0) + 1 } };
}
