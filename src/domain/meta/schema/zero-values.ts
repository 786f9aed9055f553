import type { Scalar } from './schema-type.ts';

/** What Go's JSON has for a value that nobody set. */
export const zeroValues: Readonly<Record<Scalar, unknown>> = {
  string: '',
  boolean: false,
  int32: 0,
  int64: 0,
  double: 0,
  bytes: '',
  time: null,
  microTime: null,
  quantity: '0',
  intOrString: 0,
  fieldsV1: null,
  rawExtension: null,
  stringList: null,
  any: null,
  schemaOrList: null,
  schemaOrBoolean: null,
  schemaOrStrings: null,
};
