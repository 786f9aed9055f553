import { checkFields, type FieldCheck } from '../../domain/meta/schema/check-fields.ts';
import { inTextOrder } from '../../domain/meta/schema/duplicate-fields.ts';
import { decodeStrict, type DecodeResult } from '../../domain/meta/schema/decode-strict.ts';
import { schemaOfKind } from '../../domain/meta/schema/schema-table.ts';
import { badRequest, type StatusError, unsupportedMediaType } from '../../domain/meta/status-error.ts';
import type { KubernetesObject } from '../../domain/meta/types.ts';
import { apiVersionOf, type ResourceDefinition } from '../../domain/resources/resource-definition.ts';
import type { FieldValidation } from '../write-options.ts';
import { warningsOf } from './yaml-warnings.ts';

export type Body = { bytes: Buffer; contentType: string };

/** The kind that the path calls for: what a body without apiVersion and kind is taken to be. */
export type ExpectedKind = {
  apiVersion: string;
  kind: string;
  /** Every group version has the kind, and a body may name any (metav1.AddToGroupVersion). */
  isShared?: boolean;
  /** Reads the fields of kinds that the built-in schema does not know, or not well enough. */
  readFields?: (object: object) => FieldCheck;
};

/** What the endpoints of a resource take. */
export const kindOf = ({ kind, readFields, ...groupVersion }: ResourceDefinition): ExpectedKind => ({
  apiVersion: apiVersionOf(groupVersion),
  kind,
  ...(readFields === undefined ? {} : { readFields }),
});

export type Decoding = {
  fieldValidation: FieldValidation;
  warn: (text: string) => void;
  /** In which order unknown fields and those that are there twice are told; without it the latter come first. */
  inOrder?: (duplicates: readonly string[], unknown: readonly string[]) => readonly string[];
};

/** Reads an object of this kind in any of the writings clients use; throws 400 or 415. */
export async function decodeBody<T extends KubernetesObject>(
  body: Body,
  expected: ExpectedKind,
  decoding: Decoding,
): Promise<T> {
  const mediaType = mediaTypeOf(body.contentType);
  const decode = Object.hasOwn(decoders, mediaType) ? decoders[mediaType] : undefined;
  if (decode === undefined) throw unsupportedMediaType(bodyMediaTypes);
  const result = await decode(body.bytes);
  if (result.kind === 'invalid') throw unrecognized(body, expected, result.message);
  // Go reads the built-in kinds of JSON in one go; everything else in two, first for doubles.
  const inOneGo = mediaType === 'application/json' && expected.readFields === undefined;
  const inOrder = (duplicates: readonly string[], unknown: readonly string[]) =>
    inTextOrder(body.bytes.toString('utf8'), duplicates, unknown);
  return checkedObject<T>(result.object, result.duplicates, expected, inOneGo ? { ...decoding, inOrder } : decoding);
}

/** `application/json; charset=utf-8` → `application/json`. A body without a type is JSON. */
export const mediaTypeOf = (contentType: string): string =>
  (contentType.split(';', 1)[0] ?? '').trim().toLowerCase() || 'application/json';

/** In the order of the message that names them. What few clients send is loaded when the first does. */
const decoders: Readonly<Record<string, (bytes: Buffer) => DecodeResult | Promise<DecodeResult>>> = {
  'application/json': decodeJson,
  'application/yaml': async (bytes) => (await import('./yaml.ts')).decodeYaml(bytes.toString('utf8')),
  'application/vnd.kubernetes.protobuf': async (bytes) => (await import('./protobuf.ts')).decodeProtobuf(bytes),
};

export const bodyMediaTypes = Object.keys(decoders);

function decodeJson(bytes: Buffer): DecodeResult {
  const result = decodeStrict(bytes.toString('utf8'));
  if (result.kind === 'decoded') return result;
  return { ...result, message: `couldn't get version/kind; json parse error: ${result.message}` };
}

/**
 * The object as a Go server would have decoded it: of the expected kind, without unknown fields, which are an error, a warning or
 * nothing as the client wished; a value of a wrong type is always an error, the one that `cannot` makes.
 */
export function checkedObject<T extends KubernetesObject>(
  decoded: unknown,
  duplicates: readonly string[],
  expected: ExpectedKind,
  decoding: Decoding,
  cannot: (why: string) => StatusError = cannotBe(expected),
): T {
  if (typeof decoded !== 'object' || decoded === null || Array.isArray(decoded)) {
    throw cannot('json: cannot unmarshal the body into an object');
  }
  const object = withOwnersReset({ ...decoded, ...typeOf(decoded, expected) });
  const checked = readKind(object, expected);
  if (checked === undefined) return object as unknown as T;
  const { object: known, unknown, typeErrors } = checked;
  if (typeErrors[0] !== undefined) throw cannot(typeErrors[0]);
  const problems = decoding.inOrder?.(duplicates, unknown) ?? [...duplicates, ...unknown];
  if (decoding.fieldValidation === 'Strict' && problems.length > 0) {
    throw cannot(`strict decoding error: ${problems.join(', ')}`);
  }
  if (decoding.fieldValidation === 'Warn') problems.flatMap(warningsOf).forEach(decoding.warn);
  return known as T;
}

const cannotBe =
  ({ apiVersion, kind }: ExpectedKind) =>
  (why: string): StatusError =>
    badRequest(`${kind} in version "${apiVersion.split('/').at(-1)}" cannot be handled as a ${kind}: ${why}`);

function readKind(object: object, { apiVersion, kind, readFields }: ExpectedKind): FieldCheck | undefined {
  if (readFields !== undefined) return readFields(object);
  const schema = schemaOfKind(apiVersion, kind);
  return schema && checkFields(object, schema);
}

/**
 * An empty list of owners forgets them all, as one with an empty entry does; but empty lists are gone once the object is read as Go would.
 */
function withOwnersReset<T extends object>(object: T): T {
  const { metadata } = object as KubernetesObject;
  const { managedFields } = metadata ?? {};
  if (!Array.isArray(managedFields) || managedFields.length > 0) return object;
  return { ...object, metadata: { ...metadata, managedFields: [{}] } };
}

function typeOf(object: object, expected: ExpectedKind): { apiVersion: string; kind: string } {
  const { apiVersion = expected.apiVersion, kind = expected.kind } = object as Partial<Record<string, unknown>>;
  // Never String(): what a client sends may bring a toString of its own.
  const short = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 200);
  if (apiVersion !== expected.apiVersion && !expected.isShared) {
    throw badRequest(
      `the API version in the data (${short(apiVersion)}) does not match the expected API version (${expected.apiVersion})`,
    );
  }
  if (kind !== expected.kind) {
    const version = expected.apiVersion.split('/').at(-1);
    throw badRequest(
      `${short(kind)} in version "${version}" cannot be handled as a ${expected.kind}: the kind in the data does not match the expected kind`,
    );
  }
  return { apiVersion: expected.apiVersion, kind: expected.kind };
}

/** Go's server quotes the body's beginning here; ours does not, for it may be a Secret's. */
const unrecognized = ({ bytes }: Body, { kind }: ExpectedKind, why: string) =>
  badRequest(
    `the object provided is unrecognized (must be of type ${kind}): ${why}${bytes.length === 0 ? ' (<empty>)' : ''}`,
  );
