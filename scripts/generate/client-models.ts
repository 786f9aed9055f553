import { existsSync, readFileSync } from 'node:fs';
import * as client from '@kubernetes/client-node';

/** One property of a generated class: its JSON name, declared type, whether it must be there, and its documentation. */
export type ModelField = {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly required: boolean;
  readonly description: string;
};
export type ClientModel = {
  readonly className: string;
  readonly description: string;
  readonly fields: ReadonlyMap<string, ModelField>;
};

type Attribute = { name: string; baseName: string; type: string; format: string };

const declarations = new URL('../../node_modules/@kubernetes/client-node/dist/gen/models/', import.meta.url);
const exported: Readonly<Record<string, unknown>> = client;

/** The class `className` of @kubernetes/client-node, which is generated from Kubernetes' own OpenAPI document. */
export function clientModel(className: string): ClientModel | undefined {
  const attributes = attributesOf(exported[className]);
  const file = new URL(`${className}.d.ts`, declarations);
  if (attributes === undefined || !existsSync(file)) return undefined;
  const source = readFileSync(file, 'utf8');
  const fields = attributes.map((attribute) => modelField(source, attribute));
  return { className, description: classDescription(source), fields: new Map(fields.map((f) => [f.name, f])) };
}

function attributesOf(exportedClass: unknown): Attribute[] | undefined {
  return (exportedClass as { attributeTypeMap?: Attribute[] } | undefined)?.attributeTypeMap;
}

function modelField(source: string, { name, baseName, type, format }: Attribute): ModelField {
  const declared = new RegExp(
    String.raw`(?:/\*\*((?:(?!\*/)[^])*)\*/\s*)?'${name.replace('$', String.raw`\$`)}'(\??):`,
  ).exec(source);
  if (declared === null) throw new Error(`property ${name} is not declared`);
  return { name: baseName, type, format, required: declared[2] === '', description: plainText(declared[1] ?? '') };
}

function classDescription(source: string): string {
  return plainText(/\/\*\*((?:(?!\*\/)[^])*)\*\/\s*export declare class/.exec(source)?.[1] ?? '');
}

function plainText(comment: string): string {
  return comment
    .replaceAll(/^\s*\* ?/gm, '')
    .replaceAll(/\\(["'\\])/g, '$1')
    .trim();
}
