import { isJsonObject, type JsonObject } from '../patch/json-value.ts';
import { maxJsonDepth, isDeeperThan } from '../schema/json-depth.ts';
import { metaOf } from '../object-key.ts';
import type { KubernetesObject } from '../types.ts';
import { compareFields } from './compare-fields.ts';
import { configurationErrors } from './configuration-errors.ts';
import { difference, type FieldSet } from './field-set.ts';
import { fieldSetOf } from './field-set-of.ts';
import { goJson } from './go-json.ts';
import { withoutManagedFields } from './hand-over.ts';
import type { Writer } from './writer.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** All annotations of an object together (apimachinery pkg/api/validation/objectmeta.go TotalAnnotationSizeLimitB). */
const maxAnnotationsSize = 256 * 1024;

/**
 * The fields that a client-side apply left and nobody has changed since; undefined where the annotation says nothing of the kind
 * (managedfields/internal/lastappliedmanager.go). Throws ListElementError.
 */
export function lastAppliedFields(live: KubernetesObject, { apiVersion, type }: Writer): FieldSet | undefined {
  const applied = parsed(metaOf(live).annotations?.[annotation]);
  if (applied === undefined || applied.apiVersion !== apiVersion) return undefined;
  if (configurationErrors(applied, type) !== undefined) return undefined;
  const { added, modified, removed } = compareFields(applied, withoutManagedFields(live as JsonObject), type, false);
  return [modified, added, removed].reduce(difference, fieldSetOf(applied, type));
}

function parsed(text: string | undefined): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isJsonObject(value) && !isDeeperThan(value, maxJsonDepth) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps an annotation that is there up to date, for a client-side apply that may follow (lastappliedupdater.go). */
export function withLastApplied(object: JsonObject, config: JsonObject): JsonObject {
  const metadata = (object.metadata ?? {}) as JsonObject;
  const annotations = (metadata.annotations ?? {}) as JsonObject;
  if (!annotations[annotation]) return object;
  const { [annotation]: _previous, ...others } = annotations;
  const next = { ...others, [annotation]: `${goJson(sortedKeys(withoutAnnotation(config)))}\n` };
  const size = Object.entries(next).reduce((sum, [name, value]) => sum + name.length + goJson(value).length, 0);
  return { ...object, metadata: { ...metadata, annotations: size > maxAnnotationsSize ? others : next } };
}

function withoutAnnotation(config: JsonObject): JsonObject {
  const metadata = (config.metadata ?? {}) as JsonObject;
  if (!isJsonObject(metadata.annotations)) return config;
  const { [annotation]: _own, ...annotations } = metadata.annotations;
  return { ...config, metadata: { ...metadata, annotations } };
}

/** Go writes the keys of a map in their order. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (!isJsonObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sortedKeys(value[name])]));
}
