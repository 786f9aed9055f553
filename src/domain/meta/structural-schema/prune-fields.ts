import { strictPath, type FieldPlace } from '../schema/field-place.ts';
import { additionalSchema, propertySchema, type JsonSchema } from './json-schema.ts';
import { isObject, mapElements, type JsonObject } from './json-value.ts';

export type Pruned = {
  /** Shares with the given value whatever needed no change; the value itself when nothing did. */
  readonly value: unknown;
  /** One text per removed field, such as `unknown field "spec.foo"`, in the order of the object; at most 100. */
  readonly unknown: readonly string[];
};

/** As many as the API server reports (sigs.k8s.io/json, kubernetes_patch.go). */
const maxReports = 100;

const typeFields = new Set(['apiVersion', 'kind', 'metadata']);

type Place = FieldPlace | undefined;
type ReadMetadata = (metadata: unknown, place: FieldPlace) => unknown;
/** What becomes of what the schema has no say in. */
type Visitor = { report(place: FieldPlace): void; readMetadata: ReadMetadata };

const ignoring: Visitor = { report: () => undefined, readMetadata: (metadata) => metadata };

/**
 * The value without the fields that its schema does not name (apiextensions-apiserver pkg/apiserver/schema/pruning). apiVersion, kind and
 * metadata of the object itself and of embedded resources are not the schema's business; `readMetadata` may have a say in the latter's.
 */
export function pruneFields(value: unknown, schema: JsonSchema, readMetadata = ignoring.readMetadata): Pruned {
  const unknown: string[] = [];
  const report = (place: FieldPlace) => {
    if (unknown.length < maxReports) unknown.push(`unknown field ${JSON.stringify(strictPath(place))}`);
  };
  const resource = { ...schema, 'x-kubernetes-embedded-resource': true };
  return { value: prune(value, resource, undefined, { report, readMetadata }), unknown };
}

/** Of a value inside an object. Without a schema nothing is known, so that every field goes. */
export const pruneValue = (value: unknown, schema: JsonSchema | undefined): unknown =>
  prune(value, schema, undefined, ignoring);

function prune(value: unknown, schema: JsonSchema | undefined, place: Place, visitor: Visitor): unknown {
  if (Array.isArray(value)) {
    const { items } = schema ?? {};
    const preserves = items === undefined && schema?.['x-kubernetes-preserve-unknown-fields'] === true;
    return preserves ? value : mapElements(value, (element, index) => prune(element, items, at(place, index), visitor));
  }
  return isObject(value) ? pruneObject(value, schema ?? {}, place, visitor) : value;
}

const at = (parent: Place, index: number): FieldPlace => ({ parent, step: { kind: 'index', index } });

function pruneObject(object: JsonObject, schema: JsonSchema, parent: Place, visitor: Visitor): JsonObject {
  const isResource = schema['x-kubernetes-embedded-resource'] === true;
  const preserves = schema['x-kubernetes-preserve-unknown-fields'] === true;
  let isChanged = false;
  const kept = Object.entries(object).flatMap(([name, value]): [string, unknown][] => {
    const place: FieldPlace = { parent, step: { kind: 'key', name } };
    if (isResource && typeFields.has(name)) {
      const read = name === 'metadata' && parent !== undefined ? visitor.readMetadata(value, place) : value;
      isChanged ||= read !== value;
      return [[name, read]];
    }
    const property = propertySchema(schema, name);
    const isKnown = property !== undefined || (schema.additionalProperties ?? false) !== false;
    if (!isKnown && preserves) return [[name, value]];
    if (!isKnown) {
      visitor.report(place);
      isChanged = true;
      return [];
    }
    const pruned = prune(value, property ?? additionalSchema(schema), place, visitor);
    isChanged ||= pruned !== value;
    return [[name, pruned]];
  });
  return isChanged ? Object.fromEntries(kept) : object;
}
