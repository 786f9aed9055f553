import { invalidValue, type FieldError } from '../meta/field-error.ts';

/** kubernetes pkg/apis/core/validation/validation.go validatePathNoBacksteps: a path that climbs out of its volume. */
export const noBacksteps = (field: string, path: string): FieldError[] =>
  path.split('/').includes('..') ? [invalidValue(field, path, "must not contain '..'")] : [];

/** validateLocalDescendingPath */
export const descendingPath = (field: string, path: string): FieldError[] => [
  ...(path.startsWith('/') ? [invalidValue(field, path, 'must be a relative path')] : []),
  ...noBacksteps(field, path),
];

/** validateLocalNonReservedPath: names that start with two dots are the volume's own (`..data`). */
export const filePath = (field: string, path: string): FieldError[] => [
  ...descendingPath(field, path),
  ...(path.startsWith('..') && !path.startsWith('../') ? [invalidValue(field, path, "must not start with '..'")] : []),
];

/** The file mode of a volume's files, as a decimal number. */
export const fileMode = (field: string, mode: number | undefined): FieldError[] =>
  mode !== undefined && (mode < 0 || mode > 0o777)
    ? [invalidValue(field, mode, 'must be a number between 0 and 0777 (octal), both inclusive')]
    : [];
