import { additionalSchema, fieldSchema, propertySchema, type JsonSchema } from './json-schema.ts';
import { joined } from './schema-error.ts';

const step = /\.([a-zA-Z_][a-zA-Z0-9_]*)|\['((?:[^'\\]|\\['\\])*)'\]/y;

/**
 * The field that a rule's fieldPath such as `.spec['a-b']` names, seen from `parent`; undefined when the schema has no such field.
 * Elements of lists cannot be named.
 */
export function namedField(schema: JsonSchema, fieldPath: string, parent: string): string | undefined {
  let [at, field, current]: [number, string, JsonSchema | undefined] = [0, parent, schema];
  while (at < fieldPath.length) {
    step.lastIndex = at;
    const [text, plain, quoted] = step.exec(fieldPath) ?? [];
    if (text === undefined || current === undefined) return undefined;
    const name: string = plain ?? quoted!.replaceAll(/\\(.)/g, '$1');
    field =
      additionalSchema(current) && propertySchema(current, name) === undefined
        ? `${field}[${name}]`
        : joined(field, name);
    current = fieldSchema(current, name);
    at += text.length;
  }
  return current === undefined || fieldPath === '' ? undefined : field;
}
