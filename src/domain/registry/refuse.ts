import { invalid, type FieldError } from '../meta/field-error.ts';
import { metaOf } from '../meta/object-key.ts';
import type { KubernetesObject } from '../meta/types.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';

/** Throws 422 when anything is wrong with the object. */
export function refuse(definition: ResourceDefinition, object: KubernetesObject, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(definition.group, definition.kind, metaOf(object).name ?? '', errors);
}
