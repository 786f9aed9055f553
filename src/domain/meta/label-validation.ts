import { invalidValue, tooLong, type FieldError } from './field-error.ts';
import { labelValue, qualifiedName } from './names.ts';

const maxAnnotationBytes = 256 * 1024;

/** apimachinery pkg/apis/meta/v1/validation/validation.go ValidateLabels */
export const validateLabels = (labels: Readonly<Record<string, string>>, field: string): FieldError[] =>
  Object.entries(labels).flatMap(([key, value]) => [
    ...qualifiedName(key).map((text) => invalidValue(field, key, text)),
    ...labelValue(value).map((text) => invalidValue(field, value, text)),
  ]);

/** apimachinery pkg/api/validation/objectmeta.go ValidateAnnotations */
export function validateAnnotations(annotations: Readonly<Record<string, string>>, field: string): FieldError[] {
  const entries = Object.entries(annotations);
  const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  return [
    ...entries.flatMap(([key]) => qualifiedName(key.toLowerCase()).map((text) => invalidValue(field, key, text))),
    ...(bytes > maxAnnotationBytes ? [tooLong(field, maxAnnotationBytes)] : []),
  ];
}
