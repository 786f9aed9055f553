import { duplicate, type FieldError } from '../meta/field-error.ts';

/** One error for each element whose key an earlier one had; an undefined or empty key is nobody's. */
export function unique<T>(
  elements: readonly T[] | undefined,
  keyOf: (element: T) => string | undefined,
  report: (element: T, index: number, key: string) => FieldError,
): FieldError[] {
  const seen = new Set<string>();
  return (elements ?? []).flatMap((element, index) => {
    const key = keyOf(element);
    if (!key) return [];
    if (seen.has(key)) return [report(element, index, key)];
    seen.add(key);
    return [];
  });
}

export const uniqueNames = (elements: readonly { name?: string }[] | undefined, field: string): FieldError[] =>
  unique(
    elements,
    ({ name }) => name,
    (_element, index, name) => duplicate(`${field}[${index}].name`, name),
  );
