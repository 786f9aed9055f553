import { keyOf } from '../../domain/meta/object-key.ts';
import { isNotFound } from '../../domain/meta/status-error.ts';
import { selectAll } from '../../domain/registry/selection.ts';
import { deleteOptions } from '../delete-options.ts';
import { listOptions } from '../list-options.ts';
import type { Verb } from '../verb.ts';
import { selectionOf } from './list.ts';

/** Deletes what is selected now, one after the other; what goes meanwhile by itself is as good as deleted. */
export const deleteCollection: Verb = async ({ registry }, call) => {
  const { definition, body, query, user, warn } = call;
  const { wantsAccepted: _, ...options } = await deleteOptions(body, query, warn);
  const selected = selectAll(registry, definition, selectionOf(call, listOptions(query, false)));
  for (const object of selected) {
    try {
      await registry.delete(definition, keyOf(object), { ...options, user, warn });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return { kind: 'list', objects: selected, metadata: { resourceVersion: String(registry.resourceVersion) } };
};
