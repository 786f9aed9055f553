import { invalidValue, type FieldError } from '../meta/field-error.ts';
import { configKey, dnsSubdomain, environmentName } from '../meta/names.ts';
import type { Container, EnvVar } from '../meta/types.ts';
import { environmentFields, validateFieldRef, validateResourceFieldRef } from './field-ref-validation.ts';
import { eachOf, givenName, named } from './value-rules.ts';

type ValueFrom = NonNullable<EnvVar['valueFrom']>;
type EnvFrom = NonNullable<Container['envFrom']>[number];

const keyRef = (ref: { name?: string; key: string } | undefined, field: string): FieldError[] =>
  ref ? [...givenName(`${field}.name`, ref.name, dnsSubdomain), ...givenName(`${field}.key`, ref.key, configKey)] : [];

/** kubernetes pkg/apis/core/validation/validation.go validateEnvVarValueFrom */
function validateValueFrom(source: ValueFrom, value: string | undefined, field: string): FieldError[] {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, ...others } = source;
  const count = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, ...Object.values(others)].filter(
    (ref) => ref !== undefined,
  ).length;
  const wrong = (text: string): FieldError => invalidValue(field, '', text);
  return [
    ...(count === 0
      ? [wrong('must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`')]
      : []),
    ...(count > 0 && value ? [wrong('may not be specified when `value` is not empty')] : []),
    ...(count > 1 ? [wrong('may not have more than one field specified at a time')] : []),
    ...(fieldRef ? validateFieldRef(fieldRef, `${field}.fieldRef`, environmentFields) : []),
    ...(resourceFieldRef ? validateResourceFieldRef(resourceFieldRef, `${field}.resourceFieldRef`, false) : []),
    ...keyRef(configMapKeyRef, `${field}.configMapKeyRef`),
    ...keyRef(secretKeyRef, `${field}.secretKeyRef`),
  ];
}

const validateEnv = ({ name, value, valueFrom }: EnvVar, field: string): FieldError[] => [
  ...givenName(`${field}.name`, name, environmentName),
  ...(valueFrom ? validateValueFrom(valueFrom, value, `${field}.valueFrom`) : []),
];

function validateEnvFrom({ prefix, configMapRef, secretRef }: EnvFrom, field: string): FieldError[] {
  const count = [configMapRef, secretRef].filter((ref) => ref !== undefined).length;
  return [
    ...(prefix ? named(`${field}.prefix`, prefix, environmentName) : []),
    ...(count === 0 ? [invalidValue(field, '', 'must specify one of: `configMapRef` or `secretRef`')] : []),
    ...(count > 1 ? [invalidValue(field, '', 'may not have more than one field specified at a time')] : []),
    ...(configMapRef ? givenName(`${field}.configMapRef.name`, configMapRef.name, dnsSubdomain) : []),
    ...(secretRef ? givenName(`${field}.secretRef.name`, secretRef.name, dnsSubdomain) : []),
  ];
}

export const validateEnvironment = ({ env, envFrom }: Container, field: string): FieldError[] => [
  ...eachOf(`${field}.env`, env, validateEnv),
  ...eachOf(`${field}.envFrom`, envFrom, validateEnvFrom),
];
