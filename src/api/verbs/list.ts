import { formatKey, keyOf, metaOf } from '../../domain/meta/object-key.ts';
import { badRequest, expired, StatusError, tooLargeResourceVersion } from '../../domain/meta/status-error.ts';
import type { KubernetesObject } from '../../domain/meta/types.ts';
import type { Registry } from '../../domain/registry/registry.ts';
import { parseSelection, selectAll, type Selection } from '../../domain/registry/selection.ts';
import type { ResourceDefinition } from '../../domain/resources/resource-definition.ts';
import { formatContinueToken, parseContinueToken, type ContinueToken } from '../continue-token.ts';
import { listOptions, type ListOptions } from '../list-options.ts';
import type { ListMeta } from '../presentation.ts';
import type { Call, Verb } from '../verb.ts';

export const list: Verb = ({ registry }, call) => ({ kind: 'list', ...listed(registry, call) });

/** What the request selects, or a page of it. */
export function listed(registry: Registry, call: Call): { objects: KubernetesObject[]; metadata: ListMeta } {
  const options = listOptions(call.query, false);
  const selection = selectionOf(call, options);
  return page(viewOf(registry, call.definition, selection, options), selection, options.limit);
}

/** Without a namespace in the path, those of all namespaces; with a name, as old watches have it, that one. */
export function selectionOf({ definition, key: { namespace, name } }: Call, options: ListOptions): Selection {
  const selection = parseSelection(definition, { ...options, namespace: namespace === '' ? undefined : namespace });
  if (name === '') return selection;
  const matches: Selection['matches'] = (object) => metaOf(object).name === name && selection.matches(object);
  return { ...selection, name, isPartial: true, matches };
}

/** What is selected at one version, from the given place on. */
type View = { objects: KubernetesObject[]; version: number };

function viewOf(registry: Registry, definition: ResourceDefinition, selection: Selection, options: ListOptions): View {
  const latest = (): View => ({
    objects: selectAll(registry, definition, selection),
    version: registry.resourceVersion,
  });
  const at = (version: number): View => ({
    objects: registry.allAt(definition, version, selection.namespace).filter(selection.matches),
    version,
  });
  if (options.continue !== '') {
    if (options.resourceVersion) {
      throw badRequest('specifying resource version is not allowed when using continue');
    }
    const token = parseContinueToken(options.continue);
    const { objects, version } =
      token.version === 'latest' ? latest() : orExpired(() => at(Number(token.version)), token);
    return { objects: objects.filter((object) => formatKey(keyOf(object)) > token.after), version };
  }
  const wanted = options.resourceVersion ?? 0;
  if (wanted > registry.resourceVersion) throw tooLargeResourceVersion(wanted, registry.resourceVersion);
  return isExact(options) ? orExpired(() => at(wanted)) : latest();
}

/** A limit with a version and no other word means exactly that version (apiserver pkg/storage/interfaces.go). */
const isExact = ({ resourceVersion, resourceVersionMatch, limit }: ListOptions): boolean =>
  resourceVersionMatch === 'Exact' ||
  (resourceVersionMatch === undefined && limit !== undefined && resourceVersion !== undefined && resourceVersion > 0);

/** apiserver pkg/storage/etcd3/errors.go: the client may go on with what is there now. */
const continueExpired =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

function orExpired(read: () => View, token?: ContinueToken): View {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof StatusError) || error.status.reason !== 'Expired') throw error;
    if (token === undefined) throw expired('The resourceVersion for the provided list is too old.');
    throw expired(continueExpired, formatContinueToken({ ...token, version: 'latest' }));
  }
}

function page(
  { objects, version }: View,
  { isPartial }: Selection,
  limit: number | undefined,
): { objects: KubernetesObject[]; metadata: ListMeta } {
  const resourceVersion = String(version);
  const last = limit === undefined ? undefined : objects[limit - 1];
  const remaining = objects.length - (limit ?? objects.length);
  if (last === undefined || remaining <= 0) return { objects, metadata: { resourceVersion } };
  return {
    objects: objects.slice(0, limit),
    metadata: {
      resourceVersion,
      continue: formatContinueToken({ version, after: formatKey(keyOf(last)) }),
      ...(isPartial ? {} : { remainingItemCount: remaining }),
    },
  };
}
