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
  'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON': 'any',
  'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray': 'schemaOrList',
  'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool': 'schemaOrBoolean',
  'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray': 'schemaOrStrings',
  bool: 'boolean',
  bytes: 'bytes',
  double: 'double',
  int32: 'int32',
  int64: 'int64',
  string: 'string',
};

/** The scalar that a protobuf type is in JSON; nothing when it is an object. */
export function scalarOfProtobuf(type: string): string | undefined {
  return messageScalars[type];
}
