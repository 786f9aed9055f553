import { forbiddenField, invalid, notSupported, required, type FieldError } from '../domain/meta/field-error.ts';
import { fieldManagerErrors } from '../domain/meta/field-manager.ts';
import { booleanParameter } from './query-parameters.ts';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

/** metav1.CreateOptions, UpdateOptions and PatchOptions, which are alike. */
export type WriteOptions = { dryRun: boolean; fieldValidation: FieldValidation; fieldManager: string };

const fieldValidations: readonly string[] = ['', 'Ignore', 'Strict', 'Warn'];

/** Throws 422 (apimachinery pkg/apis/meta/v1/validation/validation.go). */
export function writeOptions(
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  query: URLSearchParams,
  patchErrors: readonly FieldError[] = [],
): WriteOptions {
  const dryRuns = query.getAll('dryRun');
  const fieldValidation = query.get('fieldValidation') ?? '';
  const fieldManager = query.get('fieldManager') ?? '';
  const errors = [
    ...patchErrors,
    ...fieldManagerErrors(fieldManager),
    ...dryRunErrors(dryRuns),
    ...(fieldValidations.includes(fieldValidation)
      ? []
      : [notSupported('fieldValidation', fieldValidation, fieldValidations)]),
  ];
  if (errors.length > 0) throw invalid('meta.k8s.io', kind, '', errors);
  return {
    dryRun: isDryRun(dryRuns),
    fieldValidation: (fieldValidation || 'Warn') as FieldValidation,
    fieldManager,
  };
}

/** Only who applies something can force it; throws 422. */
export const patchOptions = (query: URLSearchParams): WriteOptions =>
  writeOptions(
    'PatchOptions',
    query,
    query.has('force') ? [forbiddenField('force', 'may not be specified for non-apply patch')] : [],
  );

export type ApplyOptions = WriteOptions & { force: boolean };

/** Who applies something says who he is; throws 422. */
export const applyOptions = (query: URLSearchParams): ApplyOptions => ({
  ...writeOptions(
    'PatchOptions',
    query,
    query.get('fieldManager') ? [] : [required('fieldManager', 'is required for apply patch')],
  ),
  force: booleanParameter(query, 'force') ?? false,
});

/** An empty value is no dry run: client libraries send it for an unset option. */
export const dryRunErrors = (values: readonly string[]): FieldError[] =>
  values
    .filter((value) => value !== '' && value !== 'All')
    .map((value) => notSupported('dryRun', value.slice(0, 100), ['All']));

export const isDryRun = (values: readonly string[]): boolean => values.includes('All');
