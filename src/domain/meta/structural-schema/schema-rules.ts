import { forbiddenField, invalidValue, notSupported, required, type FieldError } from '../field-error.ts';
import { additionalSchema, type JsonSchema } from './json-schema.ts';
import { validateListTypeRules } from './list-type-rules.ts';

/** Parts of JSON schema that Kubernetes knows and refuses. */
type WireSchema = JsonSchema & {
  readonly id?: string;
  readonly $ref?: string;
  readonly additionalItems?: unknown;
  readonly patternProperties?: object;
  readonly definitions?: object;
  readonly dependencies?: object;
  readonly uniqueItems?: boolean;
};

const types: readonly string[] = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

type Context = {
  /** Of the whole object. */
  isRoot: boolean;
  /** Inside of apiVersion, kind or metadata. */
  isMeta: boolean;
  /** Why there may be no default here; empty when there may be one. */
  noDefaultBecause: string;
};

const rootContext: Context = { isRoot: true, isMeta: false, noDefaultBecause: '' };
const typeFields = new Set(['metadata', 'kind', 'apiVersion']);

/** The subset of OpenAPI that a custom resource's schema may use (apiextensions validation.go ValidateCustomResourceDefinitionOpenAPISchema). */
export function validateSchemaRules(schema: WireSchema, field: string, context: Context = rootContext): FieldError[] {
  const inner: Context = { ...context, isRoot: false };
  const within = (one: JsonSchema, name: string, change: Partial<Context> = {}) =>
    validateSchemaRules(one, `${field}.${name}`, { ...inner, ...change });
  const listed = (name: 'allOf' | 'oneOf' | 'anyOf') =>
    (schema[name] ?? []).flatMap((one, index) => within(one, `${name}[${index}]`));
  const additional = additionalSchema(schema);
  return [
    ...validateUnsupported(schema, field, context),
    ...validateMaps(schema, field),
    ...(additional === undefined ? [] : within(additional, 'additionalProperties', additionalContext(context))),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
      within(property, `properties[${name}]`, propertyContext(schema, name, context)),
    ),
    ...(schema.not === undefined ? [] : within(schema.not, 'not')),
    ...listed('allOf'),
    ...listed('oneOf'),
    ...listed('anyOf'),
    ...(schema.items === undefined || Array.isArray(schema.items) ? [] : within(schema.items, 'items')),
    ...validateListTypeRules(schema, field),
  ];
}

const additionalContext = ({ isMeta }: Context): Partial<Context> =>
  isMeta ? { noDefaultBecause: ' inside additionalProperties applying to object metadata' } : {};

function propertyContext(schema: JsonSchema, name: string, { isRoot }: Context): Partial<Context> {
  if (!typeFields.has(name) || !(isRoot || schema['x-kubernetes-embedded-resource'] === true)) return {};
  return { isMeta: true, ...(isRoot ? { noDefaultBecause: ` in top-level ${name}` } : {}) };
}

function validateUnsupported(schema: WireSchema, field: string, { isMeta, noDefaultBecause }: Context): FieldError[] {
  const unsupported = (name: keyof WireSchema, isThere: boolean, text = `${name} is not supported`): FieldError[] =>
    isThere ? [forbiddenField(`${field}.${name}`, text)] : [];
  const { type = '' } = schema;
  return [
    ...(type !== '' && !types.includes(type) ? [notSupported(`${field}.type`, type, types)] : []),
    ...unsupported(
      'default',
      schema.default !== undefined && noDefaultBecause !== '',
      `must not be set${noDefaultBecause}`,
    ),
    ...unsupported('id', (schema.id ?? '') !== ''),
    ...unsupported('additionalItems', schema.additionalItems !== undefined),
    ...unsupported('patternProperties', schema.patternProperties !== undefined),
    ...unsupported('definitions', schema.definitions !== undefined),
    ...unsupported('dependencies', schema.dependencies !== undefined),
    ...unsupported('$ref', schema.$ref !== undefined),
    ...unsupported('type', type === 'null', 'type cannot be set to null, use nullable as an alternative'),
    ...unsupported('items', Array.isArray(schema.items), 'items must be a schema object and not an array'),
    ...unsupported(
      'x-kubernetes-embedded-resource',
      isMeta && schema['x-kubernetes-embedded-resource'] === true,
      'must not be used inside of resource meta',
    ),
    ...unsupported(
      'uniqueItems',
      schema.uniqueItems === true,
      'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
    ),
  ];
}

function validateMaps(schema: JsonSchema, field: string): FieldError[] {
  const { type = '', properties = {}, additionalProperties } = schema;
  const mapType = schema['x-kubernetes-map-type'];
  const typeText = 'must be object if x-kubernetes-map-type is specified';
  return [
    ...(additionalProperties !== undefined && additionalProperties !== true && Object.keys(properties).length > 0
      ? [forbiddenField(`${field}.additionalProperties`, 'additionalProperties and properties are mutual exclusive')]
      : []),
    ...(schema['x-kubernetes-preserve-unknown-fields'] === false
      ? [invalidValue(`${field}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined')]
      : []),
    ...(mapType !== undefined && type !== 'object'
      ? [type === '' ? required(`${field}.type`, typeText) : invalidValue(`${field}.type`, type, typeText)]
      : []),
    ...(mapType !== undefined && !['atomic', 'granular'].includes(mapType)
      ? [notSupported(`${field}.x-kubernetes-map-type`, mapType, ['atomic', 'granular'])]
      : []),
  ];
}
