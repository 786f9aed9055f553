import { invalid, notSupported, tooLong, type FieldError } from '../domain/meta/field-error.ts';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

/** metav1.CreateOptions, UpdateOptions and PatchOptions, which are alike. */
export type WriteOptions = { dryRun: boolean; fieldValidation: FieldValidation; fieldManager: string };

const fieldValidations: readonly string[] = ['', 'Ignore', 'Strict', 'Warn'];
const maxFieldManagerLength = 128;

/** Throws 422 (apimachinery pkg/apis/meta/v1/validation/validation.go). */
export function writeOptions(kind: string, query: URLSearchParams): WriteOptions {
  const dryRuns = query.getAll('dryRun');
  const fieldValidation = query.get('fieldValidation') ?? '';
  const fieldManager = query.get('fieldManager') ?? '';
  const errors = [
    ...dryRunErrors(dryRuns),
    ...(fieldValidations.includes(fieldValidation)
      ? []
      : [notSupported('fieldValidation', fieldValidation, fieldValidations)]),
    ...(fieldManager.length > maxFieldManagerLength ? [tooLong('fieldManager', maxFieldManagerLength)] : []),
  ];
  if (errors.length > 0) throw invalid('meta.k8s.io', kind, '', errors);
  return {
    dryRun: isDryRun(dryRuns),
    fieldValidation: (fieldValidation || 'Warn') as FieldValidation,
    fieldManager,
  };
}

/** An empty value is no dry run: client libraries send it for an unset option. */
export const dryRunErrors = (values: readonly string[]): FieldError[] =>
  values
    .filter((value) => value !== '' && value !== 'All')
    .map((value) => notSupported('dryRun', value.slice(0, 100), ['All']));

export const isDryRun = (values: readonly string[]): boolean => values.includes('All');
