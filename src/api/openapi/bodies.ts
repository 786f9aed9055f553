import { schemaReference, type Json } from './json.ts';
import type { PathSchemas } from './path-schemas.ts';

/** In which an object can be sent. */
const bodyTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/** Of kinds that are built in; nothing else says how lists merge. */
const strategicMerge = 'application/strategic-merge-patch+json';

export const objectBody = ({ isBuiltIn }: PathSchemas, schema: string): Json =>
  body(sameOf(isBuiltIn ? bodyTypes : bodyTypes.slice(0, 2), schema));

/** A delete may come with options. */
export const optionsBody = ({ deleteOptions }: PathSchemas): Json => ({
  ...body(sameOf(bodyTypes, deleteOptions)),
  required: false,
});

export const patchBody = ({ patch, isBuiltIn }: PathSchemas): Json =>
  body({
    'application/json-patch+json': patch,
    'application/merge-patch+json': patch,
    ...(isBuiltIn ? { [strategicMerge]: patch } : {}),
    'application/apply-patch+yaml': patch,
  });

const sameOf = (types: readonly string[], schema: string): Record<string, string> =>
  Object.fromEntries(types.map((type) => [type, schema]));

function body(schemaByType: Readonly<Record<string, string>>): Json {
  return { content: content(schemaByType), required: true };
}

const texts: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' };

export function responses(schema: string, ...codes: readonly number[]): Json {
  const answers = codes.map((code): [string, Json] => [
    String(code),
    { description: texts[code], content: content({ 'application/json': schema, 'application/yaml': schema }) },
  ]);
  return Object.fromEntries([...answers, ['401', { description: 'Unauthorized' }]]);
}

function content(schemaByType: Readonly<Record<string, string>>): Json {
  const media = Object.entries(schemaByType).map(([type, schema]) => [
    type,
    { schema: { $ref: schemaReference(schema) } },
  ]);
  return Object.fromEntries(media) as Json;
}
