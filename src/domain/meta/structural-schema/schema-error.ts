import {
  invalidValue,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
  type FieldError,
} from '../field-error.ts';

/**
 * Makes the errors about one value. `field` is where it stands; `name` is what the messages call it, which inside of a status leaves out the
 * `status.` in front (apiextensions-apiserver pkg/apiserver/validation/validation.go).
 */
export type SchemaErrors = {
  readonly wrongType: (wanted: string, actual: string) => FieldError;
  readonly unsupported: (value: unknown, allowed: readonly unknown[]) => FieldError;
  readonly missing: (property: string) => FieldError;
  readonly tooLong: (most: number) => FieldError;
  readonly tooMany: (count: number, most: number) => FieldError;
  /** `what` says what it should be. */
  readonly should: (value: unknown, what: string) => FieldError;
  readonly forbiddenProperty: (property: string) => FieldError;
  /** About several schemas at once; Kubernetes names no field there. */
  readonly composite: (what: string) => FieldError;
};

export function schemaErrors(name: string, prefix: string): SchemaErrors {
  const field = joined(prefix, name) || nowhere;
  return {
    wrongType: (wanted, actual) =>
      typeInvalid(field, actual, `${name} in body must be of type ${wanted}: ${JSON.stringify(actual)}`),
    unsupported: (value, allowed) =>
      notSupported(
        field,
        value,
        allowed.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))),
      ),
    missing: (property) => required(joined(prefix, joined(name, property))),
    tooLong: (most) => tooLong(field, most),
    tooMany: (count, most) => tooMany(field, count, most),
    should: (value, what) => invalidValue(field, value, `${name} in body should ${what}`),
    forbiddenProperty: (property) =>
      invalidValue(field, property, `${joined(name, property)} in body is a forbidden property`),
    composite: (what) => invalidValue(prefix || nowhere, '', `${JSON.stringify(name)} ${what}`),
  };
}

/** How Go prints a path that was never begun. */
const nowhere = '<nil>';

export const joined = (parent: string, child: string): string =>
  parent === '' || child === '' ? parent + child : `${parent}.${child}`;
