import type { FieldError } from '../meta/field-error.ts';
import type { ServiceSpec } from '../resources/service-spec.ts';

/** A Service's spec with what it was given, or what is wrong with what it asks for. */
export type Allocation = { spec: ServiceSpec; errors: readonly FieldError[] };
