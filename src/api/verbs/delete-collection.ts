import { keyOf } from '../../domain/meta/object-key.ts';
import { isNotFound } from '../../domain/meta/status-error.ts';
import { deleteOptions } from '../delete-options.ts';
import type { Verb } from '../verb.ts';
import { listed } from './list.ts';

/**
 * Deletes what a list would answer, no more than its limit, one after the other; what goes meanwhile by itself is as good as deleted
 * (apiserver pkg/registry/generic/registry/store.go DeleteCollection).
 */
export const deleteCollection: Verb = async ({ registry }, call) => {
  const { definition, body, query, user, warn } = call;
  const { wantsAccepted: _, ...options } = await deleteOptions(body, query, warn);
  const selected = listed(registry, call);
  for (const object of selected.objects) {
    try {
      await registry.delete(definition, keyOf(object), { ...options, user, warn });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return { kind: 'list', ...selected };
};
