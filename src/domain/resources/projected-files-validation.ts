import { forbiddenField, invalidValue, required, type FieldError } from '../meta/field-error.ts';
import type { Volume } from '../meta/types.ts';
import { fileFields, validateFieldRef, validateResourceFieldRef } from './field-ref-validation.ts';
import { eachOf, given } from './value-rules.ts';
import { fileMode, filePath } from './volume-path.ts';

type KeyFile = NonNullable<NonNullable<Volume['configMap']>['items']>[number];
type DownwardFile = NonNullable<NonNullable<Volume['downwardAPI']>['items']>[number];
type Projection = NonNullable<NonNullable<Volume['projected']>['sources']>[number];

const shortestTokenSeconds = 600;
const longestTokenSeconds = 2 ** 32;

/** kubernetes pkg/apis/core/validation/validation.go validateKeyToPath */
export const validateKeyFiles = (files: readonly KeyFile[] | undefined, field: string): FieldError[] =>
  eachOf(field, files, ({ key, path, mode }, at) => [
    ...given(`${at}.key`, key),
    ...given(`${at}.path`, path),
    ...filePath(`${at}.path`, path ?? ''),
    ...fileMode(`${at}.mode`, mode),
  ]);

/** validateDownwardAPIVolumeFile */
function validateDownwardFile({ path, fieldRef, resourceFieldRef, mode }: DownwardFile, field: string): FieldError[] {
  return [
    ...given(`${field}.path`, path),
    ...filePath(`${field}.path`, path ?? ''),
    ...(fieldRef ? validateFieldRef(fieldRef, `${field}.fieldRef`, fileFields) : []),
    ...(fieldRef && resourceFieldRef
      ? [invalidValue(field, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously')]
      : []),
    ...(resourceFieldRef ? validateResourceFieldRef(resourceFieldRef, `${field}.resourceFieldRef`, true) : []),
    ...(fieldRef || resourceFieldRef ? [] : [required(field, 'one of fieldRef and resourceFieldRef required')]),
    ...fileMode(`${field}.mode`, mode),
  ];
}

export const validateDownwardFiles = (files: readonly DownwardFile[] | undefined, field: string): FieldError[] =>
  eachOf(`${field}.items`, files, validateDownwardFile);

/** validateProjectionSources */
export function validateProjection(source: Projection, field: string): FieldError[] {
  const { secret, configMap, downwardAPI, serviceAccountToken } = source;
  const [, ...more] = Object.keys(source);
  return [
    ...more.map((kind) => forbiddenField(`${field}.${kind}`, 'may not specify more than 1 volume type per source')),
    ...(secret
      ? [...given(`${field}.secret.name`, secret.name), ...validateKeyFiles(secret.items, `${field}.secret.items`)]
      : []),
    ...(configMap
      ? [
          ...given(`${field}.configMap.name`, configMap.name),
          ...validateKeyFiles(configMap.items, `${field}.configMap.items`),
        ]
      : []),
    ...(downwardAPI ? validateDownwardFiles(downwardAPI.items, `${field}.downwardAPI`) : []),
    ...(serviceAccountToken ? validateToken(serviceAccountToken, `${field}.serviceAccountToken`) : []),
  ];
}

const validateToken = (token: NonNullable<Projection['serviceAccountToken']>, field: string): FieldError[] => [
  ...((token.expirationSeconds ?? shortestTokenSeconds) < shortestTokenSeconds
    ? [
        invalidValue(
          `${field}.expirationSeconds`,
          token.expirationSeconds,
          'may not specify a duration less than 10 minutes',
        ),
      ]
    : []),
  ...((token.expirationSeconds ?? 0) > longestTokenSeconds
    ? [
        invalidValue(
          `${field}.expirationSeconds`,
          token.expirationSeconds,
          'may not specify a duration larger than 2^32 seconds',
        ),
      ]
    : []),
  ...given(`${field}.path`, token.path),
  ...filePath(`${field}.path`, token.path ?? ''),
];
