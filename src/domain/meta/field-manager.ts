import { invalidValue, tooLong, type FieldError } from './field-error.ts';

export const maxFieldManagerBytes = 128;

/** Letters, marks, numbers, punctuation, symbols and the space (Go's unicode.IsPrint). */
export const isPrintable = (character: string): boolean => /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character);

/** apimachinery pkg/apis/meta/v1/validation/validation.go ValidateFieldManager */
export function fieldManagerErrors(fieldManager: string, field = 'fieldManager'): FieldError[] {
  if (Buffer.byteLength(fieldManager) > maxFieldManagerBytes) return [tooLong(field, maxFieldManagerBytes)];
  const unprintable = Array.from(fieldManager).filter((character) => !isPrintable(character));
  return unprintable.map((character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const position = Buffer.byteLength(fieldManager.slice(0, fieldManager.indexOf(character)));
    return invalidValue(field, fieldManager, `invalid character U+${code} (at position ${position})`);
  });
}
