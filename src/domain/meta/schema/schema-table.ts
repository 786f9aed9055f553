import { schemaText } from '../../../generated/schema.ts';
import { parseSchemaType, type SchemaType } from './schema-type.ts';

/** Types met so far; at most as many as the table has lines (about 400). */
const parsed = new Map<string, SchemaType>();

/** Kinds that every group version shares: a DeleteOptions may say `apps/v1` or `policy/v1` and is the same type. */
const sharedKinds = new Set(['DeleteOptions', 'Status']);

/** The type of a kind that clients send; nothing for a kind that is not built in. */
export function schemaOfKind(apiVersion: string, kind: string): SchemaType | undefined {
  const type = schemaType(`${sharedKinds.has(kind) ? 'meta/v1' : apiVersion}.${kind}`);
  return type?.isKind === true ? type : undefined;
}

/** The type of this key (`v1.PodSpec`), read from the generated table when it is first asked for. */
export function schemaType(key: string): SchemaType | undefined {
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const type = readType(key);
  if (type !== undefined) parsed.set(key, type);
  return type;
}

function readType(key: string): SchemaType | undefined {
  const dot = key.lastIndexOf('.');
  const apiVersion = key.slice(0, dot);
  const text = Object.hasOwn(schemaText, apiVersion) ? schemaText[apiVersion] : undefined;
  const line = text === undefined ? undefined : lineOf(text, key.slice(dot + 1));
  return line === undefined ? undefined : parseSchemaType(apiVersion, line, schemaType);
}

/** Names hold letters and digits only, so that nothing a client sends can match in the middle of a line. */
function lineOf(text: string, name: string): string | undefined {
  if (!/^[A-Za-z0-9]+$/.test(name)) return undefined;
  const start = text.indexOf(`\n${name} `);
  return start < 0 ? undefined : text.slice(start + 1, text.indexOf('\n', start + 1));
}
