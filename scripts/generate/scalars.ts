/** Messages that JSON carries as something simpler than an object of their own, and what that is called in the schema table. */
const messageScalars: Readonly<Record<string, string>> = {
  'k8s.io.apimachinery.pkg.api.resource.Quantity': 'quantity',
  'k8s.io.apimachinery.pkg.util.intstr.IntOrString': 'intOrString',
  'k8s.io.apimachinery.pkg.apis.meta.v1.Time': 'time',
  'k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime': 'microTime',
  'k8s.io.apimachinery.pkg.apis.meta.v1.FieldsV1': 'fieldsV1',
  'k8s.io.apimachinery.pkg.apis.meta.v1.Verbs': 'stringList',
  'k8s.io.apimachinery.pkg.runtime.RawExtension': 'rawExtension',
  'k8s.io.api.authentication.v1.ExtraValue': 'stringList',
  'k8s.io.api.authorization.v1.ExtraValue': 'stringList',
  bool: 'boolean',
  bytes: 'bytes',
  int32: 'int32',
  int64: 'int64',
  string: 'string',
};

const modelScalars: Readonly<Record<string, string>> = {
  any: 'any',
  boolean: 'boolean',
  Date: 'time',
  'number|double': 'double',
  'number|int32': 'int32',
  'number|int64': 'int64',
  string: 'string',
  'string|byte': 'bytes',
  IntOrString: 'intOrString',
};

/** The scalar that a protobuf type is in JSON; nothing when it is an object. */
export function scalarOfProtobuf(type: string): string | undefined {
  return messageScalars[type];
}

/** The scalar that a declared type of the generated client is in JSON; nothing when it is another class. */
export function scalarOfModel(type: string, format: string): string | undefined {
  return modelScalars[`${type}|${format}`] ?? modelScalars[type];
}
