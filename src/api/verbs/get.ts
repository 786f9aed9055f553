import type { Verb } from '../verb.ts';

/** Always the newest state: resourceVersion asks for one at least as old as some other, which this one is. */
export const get: Verb = ({ registry }, { definition, key }) => ({
  kind: 'object',
  code: 200,
  object: registry.get(definition, key),
});
