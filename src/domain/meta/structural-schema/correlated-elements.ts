import type { JsonSchema } from './json-schema.ts';
import { isObject } from './json-value.ts';

/** What an element of a list was before: only elements of a list that is a map can be told to be the same. */
export function correlatedElements(schema: JsonSchema, old: unknown): (element: unknown) => unknown {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(old)) return () => undefined;
  const keyOf = (element: unknown) => JSON.stringify(keys.map((key) => (isObject(element) ? element[key] : undefined)));
  const byKey = new Map(old.map((element) => [keyOf(element), element]));
  return (element) => byKey.get(keyOf(element));
}
