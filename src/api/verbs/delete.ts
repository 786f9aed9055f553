import { metaOf } from '../../domain/meta/object-key.ts';
import type { Status } from '../../domain/meta/status-error.ts';
import type { KubernetesObject } from '../../domain/meta/types.ts';
import type { ResourceDefinition } from '../../domain/resources/resource-definition.ts';
import { deleteOptions } from '../delete-options.ts';
import type { Verb } from '../verb.ts';

/** Answers the object while it lives on, and for some kinds its last state; else a Status (apiserver pkg/endpoints/handlers/delete.go). */
export const deleteOne: Verb = async ({ registry }, { definition, key, body, query, user, warn }) => {
  const { wantsAccepted, ...options } = await deleteOptions(body, query, warn);
  const { object, removed } = await registry.delete(definition, key, { ...options, user, warn });
  if (removed && !definition.deleteReturnsObject)
    return { kind: 'status', code: 200, status: gone(definition, object) };
  return { kind: 'object', code: !removed && wantsAccepted ? 202 : 200, object };
};

function gone({ group, plural }: ResourceDefinition, object: KubernetesObject): Status {
  const { name, uid } = metaOf(object);
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      ...(name === undefined ? {} : { name }),
      ...(group === '' ? {} : { group }),
      kind: plural,
      ...(uid === undefined ? {} : { uid }),
    },
  };
}
