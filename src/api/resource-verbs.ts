import { create } from './verbs/create.ts';
import { deleteCollection } from './verbs/delete-collection.ts';
import { deleteOne } from './verbs/delete.ts';
import { get } from './verbs/get.ts';
import { list } from './verbs/list.ts';
import { patch } from './verbs/patch.ts';
import { update } from './verbs/update.ts';
import { watch } from './verbs/watch.ts';
import type { Verb } from './verb.ts';

type Verbs = Readonly<Record<string, Verb>>;

/** What can be done with all objects of a resource, by the name that authorization and discovery use. */
export const collectionVerbs: Verbs = { create, deletecollection: deleteCollection, list, watch };

/** What can be done with one. */
export const objectVerbs: Verbs = { delete: deleteOne, get, patch, update };
