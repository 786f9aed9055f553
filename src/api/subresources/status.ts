import { get } from '../verbs/get.ts';
import { patchOf } from '../verbs/patch.ts';
import { updateOf } from '../verbs/update.ts';
import type { Subresource } from './subresource.ts';

/** The whole object, of which only the status can be written. */
export const status: Subresource = {
  name: 'status',
  servedFor: ({ subresources }) => subresources.includes('status'),
  verbs: { get, update: updateOf('status'), patch: patchOf('status') },
};
