import { sameJson } from '../meta/deep-equal.ts';
import { forbiddenField, invalidValue, tooLong, type FieldError } from '../meta/field-error.ts';
import { configKey } from '../meta/names.ts';
import type { ConfigMap, Secret } from '../meta/types.ts';
import { named } from './value-rules.ts';

/** What etcd takes, and what a device should hold in memory (kubernetes pkg/apis/core/types.go MaxSecretSize). */
const maxBytes = 1024 * 1024;

type Data = Readonly<Record<string, string>>;

const decodedBytes = (base64: string): number => Buffer.byteLength(base64, 'base64');
const sum = (data: Data, bytesOf: (text: string) => number): number =>
  Object.values(data).reduce((total, text) => total + bytesOf(text), 0);

const validateKeys = (data: Data, field: string): FieldError[] =>
  Object.keys(data).flatMap((key) => named(`${field}[${key}]`, key, configKey));

/** kubernetes pkg/apis/core/validation/validation.go ValidateConfigMap */
export function validateConfigMap({ data = {}, binaryData = {} }: ConfigMap): FieldError[] {
  const both = Object.keys(data).filter((key) => Object.hasOwn(binaryData, key));
  const bytes = sum(data, (text) => Buffer.byteLength(text)) + sum(binaryData, decodedBytes);
  return [
    ...both.map((key) => invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData')),
    ...validateKeys(data, 'data'),
    ...validateKeys(binaryData, 'binaryData'),
    ...(bytes > maxBytes ? [tooLong('[]', maxBytes)] : []),
  ];
}

/** Of ValidateSecret what all types have in common. */
export const validateSecretData = ({ data = {} }: Secret): FieldError[] => [
  ...validateKeys(data, 'data'),
  ...(sum(data, decodedBytes) > maxBytes ? [tooLong('data', maxBytes)] : []),
];

type Frozen = { immutable?: boolean; data?: Data; binaryData?: Data };

/** Whoever reads it once may rely on it (ValidateConfigMapUpdate, ValidateSecretUpdate). */
export const keepsImmutable = (next: Frozen, current: Frozen): FieldError[] =>
  current.immutable === true
    ? [
        ...(next.immutable === true ? [] : [frozen('immutable')]),
        ...(sameJson(next.data ?? {}, current.data ?? {}) ? [] : [frozen('data')]),
        ...(sameJson(next.binaryData ?? {}, current.binaryData ?? {}) ? [] : [frozen('binaryData')]),
      ]
    : [];

const frozen = (field: string): FieldError => forbiddenField(field, 'field is immutable when `immutable` is set');
