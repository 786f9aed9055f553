import { EvaluationError } from './cel-error.ts';
import type { CelType } from './cel-type.ts';
import { jsonMap } from './map-value.ts';
import { parseDuration, parseTimestamp } from './time-text.ts';
import { ListValue, ObjectValue, type ListMeaning, type Value } from './value.ts';

/** How JSON becomes a value: what an expression is told about an object's data. */
export type ValueReader = {
  readonly type: CelType;
  readonly read: (json: unknown) => Value;
};

const isJsonObject = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** A value of which nothing is declared. JSON does not say whether 1 is an int or a double; to Kubernetes it is an int. */
export function readDynamic(json: unknown): Value {
  if (json === undefined || json === null) return null;
  if (typeof json === 'string' || typeof json === 'boolean') return json;
  if (typeof json === 'number') return Number.isSafeInteger(json) ? BigInt(json) : json;
  if (Array.isArray(json)) return new ListValue(json.length, (index) => readDynamic(json[index]));
  return isJsonObject(json) ? jsonMap(json, readDynamic) : null;
}

const mismatch = (wanted: string, json: unknown) =>
  new EvaluationError(`invalid data, expected ${wanted}, got ${json === null ? 'null' : typeof json}`);

export function readInt(json: unknown): Value {
  if (typeof json !== 'number' || !Number.isInteger(json)) throw mismatch('an integer', json);
  return BigInt(json);
}

export function readDouble(json: unknown): Value {
  if (typeof json !== 'number') throw mismatch('a number', json);
  return json;
}

export function readString(json: unknown): string {
  if (typeof json !== 'string') throw mismatch('a string', json);
  return json;
}

export function readBool(json: unknown): Value {
  if (typeof json !== 'boolean') throw mismatch('a boolean', json);
  return json;
}

export const readBytes = (json: unknown): Value => new Uint8Array(Buffer.from(readString(json), 'base64'));
export const readTimestamp = (json: unknown): Value => parseTimestamp(readString(json));
export const readDate = (json: unknown): Value => parseTimestamp(`${readString(json)}T00:00:00Z`);
export const readDuration = (json: unknown): Value => parseDuration(readString(json));

export const readList =
  (element: (json: unknown) => Value, meaning: ListMeaning) =>
  (json: unknown): Value => {
    if (!Array.isArray(json)) throw mismatch('an array', json);
    return new ListValue(json.length, (index) => element(json[index]), meaning);
  };

export const readMap =
  (element: (json: unknown) => Value) =>
  (json: unknown): Value => {
    if (!isJsonObject(json)) throw mismatch('a map', json);
    return jsonMap(json, element);
  };

/** `jsonName` finds the field that an expression's name stands for, `reader` how to read it. */
export type FieldAccess = {
  readonly jsonName: (name: string) => string | undefined;
  readonly reader: (jsonName: string) => ((json: unknown) => Value) | undefined;
};

export const readObject =
  (typeName: string, { jsonName, reader }: FieldAccess) =>
  (json: unknown): Value => {
    if (!isJsonObject(json)) throw mismatch('an object', json);
    const byJsonName = (name: string): Value | undefined =>
      Object.hasOwn(json, name) && json[name] !== undefined ? reader(name)?.(json[name]) : undefined;
    return new ObjectValue(typeName, json, {
      byJsonName,
      field: (name) => {
        const found = jsonName(name);
        return found === undefined ? undefined : byJsonName(found);
      },
      names: () => Object.keys(json).filter((name) => reader(name) !== undefined),
    });
  };
