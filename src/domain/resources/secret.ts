import { invalidValue, type FieldError } from '../meta/field-error.ts';
import type { Secret } from '../meta/types.ts';
import { keepsImmutable, validateSecretData } from './data-validation.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';
import { validateSecretType } from './secret-type-validation.ts';
import { withDefaults } from './with-defaults.ts';

/** stringData is write-only: it is folded into data before anything is stored (kubernetes pkg/apis/core/v1/conversion.go). */
const foldStringData = ({ stringData, ...secret }: Secret): Secret => {
  if (!stringData) return secret;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  return { ...secret, data: { ...secret.data, ...Object.fromEntries(encoded) } };
};

const keepsType = (next: Secret, current: Secret): FieldError[] =>
  next.type === current.type ? [] : [invalidValue('type', next.type, 'field is immutable')];

/** kubernetes pkg/registry/core/secret/strategy.go */
export const secrets = defineResource<Secret>({
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
  scope: 'Namespaced',
  default: (secret) => withDefaults(foldStringData(secret), { type: 'Opaque' }),
  validate: (secret) => [...validateSecretData(secret), ...validateSecretType(secret)],
  validateUpdate: (next, current) => [...keepsType(next, current), ...keepsImmutable(next, current)],
  fields: [{ path: 'type', value: (secret) => secret.type ?? '' }],
  columns: [
    nameColumn,
    { name: 'Type', type: 'string', cell: ({ type }) => type ?? '' },
    { name: 'Data', type: 'string', cell: ({ data }) => Object.keys(data ?? {}).length },
    ageColumn,
  ],
});
