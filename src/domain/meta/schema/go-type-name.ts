import type { Scalar, SchemaField, ValueType } from './schema-type.ts';

const scalarNames: Readonly<Record<Scalar, string>> = {
  string: 'string',
  boolean: 'bool',
  int32: 'int32',
  int64: 'int64',
  double: 'float64',
  bytes: '[]uint8',
  time: 'v1.Time',
  microTime: 'v1.MicroTime',
  quantity: 'resource.Quantity',
  intOrString: 'intstr.IntOrString',
  fieldsV1: 'v1.FieldsV1',
  rawExtension: 'runtime.RawExtension',
  stringList: 'v1.ExtraValue',
  any: 'v1.JSON',
  schemaOrList: 'v1.JSONSchemaPropsOrArray',
  schemaOrBoolean: 'v1.JSONSchemaPropsOrBool',
  schemaOrStrings: 'v1.JSONSchemaPropsOrStringArray',
};

/** How Go prints a field's type in decoding errors. Named string types (`v1.Protocol`) print as `string`: no source of ours tells them apart. */
export function goTypeName({ shape, value }: Pick<SchemaField, 'shape' | 'value'>): string {
  if (shape === 'list') return `[]${goValueTypeName(value)}`;
  if (shape === 'single') return goValueTypeName(value);
  return 'scalar' in value && value.scalar === 'quantity' ? 'v1.ResourceList' : `map[string]${goValueTypeName(value)}`;
}

/** `apps/v1.DeploymentSpec` is `v1.DeploymentSpec` in Go: the package is named after the version. */
function goValueTypeName(value: ValueType): string {
  return 'scalar' in value ? scalarNames[value.scalar] : value.type.slice(value.type.lastIndexOf('/') + 1);
}
