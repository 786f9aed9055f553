import type { FieldError } from '../field-error.ts';

/** What was found of a value: `matches` counts what was checked without complaint, to tell which of several schemas it resembles most. */
export type Finding = { readonly errors: readonly FieldError[]; readonly matches: number };
