import { duplicate, invalidValue, required, tooMany, type FieldError } from '../meta/field-error.ts';
import { propertySchema, type JsonSchema } from '../meta/structural-schema/json-schema.ts';
import { validateSchema } from '../meta/structural-schema/validate-schema.ts';
import type { CustomResourceDefinitionVersion as Version } from '../meta/types.ts';
import { fieldNames } from './field-names.ts';

/** The schema as what it is; the generated type spells some names otherwise. */
export const schemaOf = ({ schema }: Version): JsonSchema | undefined =>
  schema?.openAPIV3Schema as JsonSchema | undefined;

/** validateCustomResourceDefinitionVersion */
export function validateVersion(version: Version, field: string): FieldError[] {
  const schema = schemaOf(version);
  const schemaField = `${field}.schema.openAPIV3Schema`;
  return [
    ...validateDeprecation(version, field),
    ...(schema === undefined
      ? [required(schemaField)]
      : [
          ...(version.subresources?.status === undefined ? [] : validateRootForStatus(schema, schemaField)),
          ...validateSchema(schema, schemaField),
        ]),
    ...(version.subresources?.scale === undefined
      ? []
      : validateScale(version.subresources.scale, `${field}.subresources.scale`)),
    ...(version.additionalPrinterColumns ?? []).flatMap((column, index) =>
      validateColumn(column, `${field}.additionalPrinterColumns[${index}]`),
    ),
    ...validateSelectableFields(version, schema, `${field}.selectableFields`),
  ];
}

function validateDeprecation({ deprecated = false, deprecationWarning }: Version, field: string): FieldError[] {
  if (deprecationWarning === undefined) return [];
  const texts = [
    ...(deprecated ? [] : ['can only be set for deprecated versions']),
    ...(deprecationWarning.length > 256 ? ['must be <= 256 characters long'] : []),
    ...(deprecationWarning === '' ? ['must not be an empty string'] : []),
    ...(/^[^\p{C}]*$/u.test(deprecationWarning) ? [] : ['must only contain printable UTF-8 characters']),
  ];
  return texts.map((text) => invalidValue(`${field}.deprecationWarning`, deprecationWarning, text));
}

/** So that the schema of the status can be taken out of it (allowedFieldsAtRootSchema). */
const allowedAtRoot =
  'Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations';
const allowedNames = new Set(allowedAtRoot.split(' ').map((name) => name.toLowerCase()));
const goNames: Readonly<Record<string, string>> = {
  'x-kubernetes-preserve-unknown-fields': 'xpreserveunknownfields',
  'x-kubernetes-validations': 'xvalidations',
};

function validateRootForStatus(schema: JsonSchema, field: string): FieldError[] {
  const isOther = Object.keys(schema).some((name) => !allowedNames.has(goNames[name] ?? name.toLowerCase()));
  return isOther
    ? [
        invalidValue(
          field,
          '',
          `only [${allowedAtRoot}] fields are allowed at the root of the schema if the status subresource is enabled`,
        ),
      ]
    : [];
}

type Scale = NonNullable<NonNullable<Version['subresources']>['scale']>;

function validateScale(
  { specReplicasPath = '', statusReplicasPath = '', labelSelectorPath }: Partial<Scale>,
  field: string,
): FieldError[] {
  const under = (name: string, path: string, ...roots: string[]) =>
    validatePath(path, `${field}.${name}`, roots, name === 'labelSelectorPath');
  return [
    ...under('specReplicasPath', specReplicasPath, '.spec'),
    ...under('statusReplicasPath', statusReplicasPath, '.status'),
    ...(labelSelectorPath === undefined || labelSelectorPath === ''
      ? []
      : under('labelSelectorPath', labelSelectorPath, '.spec', '.status')),
  ];
}

function validatePath(path: string, field: string, roots: readonly string[], isEither: boolean): FieldError[] {
  if (path === '') return [required(field)];
  if (!path.startsWith('.')) return [invalidValue(field, path, 'must be a simple json path starting with .')];
  return roots.some((root) => path.startsWith(`${root}.`))
    ? []
    : [invalidValue(field, path, `should be a json path under ${isEither ? 'either ' : ''}${roots.join(' or ')}`)];
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

type PrinterColumn = NonNullable<Version['additionalPrinterColumns']>[number];

/** ValidateCustomResourceColumnDefinition */
function validateColumn(
  { name = '', type = '', format = '', jsonPath = '' }: Partial<PrinterColumn>,
  field: string,
): FieldError[] {
  const typeText = `must be one of ${columnTypes.join(',')}`;
  return [
    ...(name === '' ? [required(`${field}.name`)] : []),
    ...(type === ''
      ? [required(`${field}.type`, typeText)]
      : columnTypes.includes(type)
        ? []
        : [invalidValue(`${field}.type`, type, typeText)]),
    ...(format === '' || columnFormats.includes(format)
      ? []
      : [invalidValue(`${field}.format`, format, `must be one of ${columnFormats.join(',')}`)]),
    ...(jsonPath === ''
      ? [required(`${field}.JSONPath`)]
      : jsonPath.startsWith('.')
        ? []
        : [invalidValue(`${field}.JSONPath`, jsonPath, 'must be a simple json path starting with .')]),
  ];
}

const maxSelectableFields = 8;
const selectableTypes = new Set(['string', 'boolean', 'integer']);

/** ValidateCustomResourceSelectableFields */
function validateSelectableFields(
  { selectableFields = [] }: Version,
  schema: JsonSchema | undefined,
  field: string,
): FieldError[] {
  const paths = selectableFields.map(({ jsonPath = '' }: { jsonPath?: string }) => jsonPath);
  return [
    ...paths.flatMap((path, index) => {
      const at = `${field}[${index}].jsonPath`;
      if (path === '') return [required(at)];
      const found = schema && schemaAt(schema, fieldNames(path));
      if (!path.startsWith('.') || found === undefined)
        return [invalidValue(at, path, 'is an invalid path: does not refer to a valid field')];
      return [
        ...(fieldNames(path)[0] === 'metadata' ? [invalidValue(at, path, 'must not point to fields in metadata')] : []),
        ...(selectableTypes.has(found.type ?? '')
          ? []
          : [
              invalidValue(
                at,
                path,
                'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
              ),
            ]),
        ...(paths.indexOf(path) < index ? [duplicate(at, path)] : []),
      ];
    }),
    ...(new Set(paths).size > maxSelectableFields ? [tooMany(field, new Set(paths).size, maxSelectableFields)] : []),
  ];
}

const schemaAt = (schema: JsonSchema, names: readonly string[]): JsonSchema | undefined =>
  names.reduce<JsonSchema | undefined>((at, name) => at && propertySchema(at, name), schema);
