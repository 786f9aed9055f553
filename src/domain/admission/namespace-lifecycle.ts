import { metaOf } from '../meta/object-key.ts';
import { conflict, forbidden, notFound } from '../meta/status-error.ts';
import { namespaces, systemNamespaces } from '../resources/namespace.ts';
import { groupResource } from '../resources/resource-definition.ts';
import type { AdmissionPlugin, AdmissionRequest, Lister } from './chain.ts';

/**
 * Nothing is written to a namespace that does not exist, nothing new to one that is going (apiserver pkg/admission/plugin/namespace/lifecycle). One that
 * is going stays until what was allowed before is stored, or that would be left without a namespace.
 */
export function namespaceLifecycle(): AdmissionPlugin {
  /** How many objects are coming into each namespace. */
  const coming = new Map<string, number>();
  const hold = ({ key: { namespace }, whenSettled }: AdmissionRequest): void => {
    coming.set(namespace, (coming.get(namespace) ?? 0) + 1);
    whenSettled(() => {
      const left = coming.get(namespace)! - 1;
      if (left === 0) coming.delete(namespace);
      else coming.set(namespace, left);
    });
  };
  return {
    name: 'NamespaceLifecycle',
    // Asked first and again last: the namespace may go while other plugins wait.
    mutate(request, lister) {
      checkNamespace(request, lister);
      return undefined;
    },
    validate(request, lister) {
      checkNamespace(request, lister);
      const { operation, definition, key, subresource } = request;
      if (operation === 'CREATE' && definition.scope === 'Namespaced') hold(request);
      if (subresource === 'finalize' && coming.has(key.name)) {
        throw conflict(groupResource(namespaces), key.name, 'something is still being created in it');
      }
    },
  };
}

function checkNamespace({ operation, definition, key }: AdmissionRequest, lister: Lister): void {
  const resource = groupResource(definition);
  if (operation === 'DELETE') {
    if (resource.group === '' && resource.resource === 'namespaces' && systemNamespaces.includes(key.name)) {
      throw forbidden(resource, key.name, 'this namespace may not be deleted');
    }
    return;
  }
  if (definition.scope === 'Cluster') return;
  const namespace = lister.find(namespaces, { namespace: '', name: key.namespace });
  if (!namespace) throw notFound(groupResource(namespaces), key.namespace);
  if (operation === 'CREATE' && metaOf(namespace).deletionTimestamp !== undefined) {
    throw forbidden(
      resource,
      key.name,
      `unable to create new content in namespace ${key.namespace} because it is being terminated`,
      [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${key.namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    );
  }
}
