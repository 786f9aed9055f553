import { forbiddenField, invalidValue, required, tooLong, type FieldError } from '../meta/field-error.ts';
import { fieldManagerErrors } from '../meta/field-manager.ts';
import { validateAnnotations, validateLabels } from '../meta/label-validation.ts';
import type { ManagedFieldsEntry } from '../meta/managed-fields/owners.ts';
import { qualifiedName } from '../meta/names.ts';
import { metaOf } from '../meta/object-key.ts';
import type { KubernetesObject } from '../meta/types.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';
import { validateOwnerReferences } from './owner-reference-validation.ts';

/** Names, labels, annotations (apimachinery pkg/api/validation/objectmeta.go). */
export function validateObjectMeta(definition: ResourceDefinition, object: KubernetesObject): FieldError[] {
  const meta = metaOf(object);
  const name = meta.name ?? '';
  return [
    ...(name === ''
      ? [required('metadata.name', 'name or generateName is required')]
      : definition.nameRule(name).map((text) => invalidValue('metadata.name', name, text))),
    ...(definition.scope === 'Cluster' && meta.namespace
      ? [forbiddenField('metadata.namespace', 'not allowed on this type')]
      : []),
    ...(definition.scope === 'Namespaced' && !meta.namespace ? [required('metadata.namespace')] : []),
    ...validateLabels(meta.labels ?? {}, 'metadata.labels'),
    ...validateAnnotations(meta.annotations ?? {}, 'metadata.annotations'),
    ...(meta.finalizers ?? []).flatMap((f) =>
      qualifiedName(f).map((text) => invalidValue('metadata.finalizers', f, text)),
    ),
    ...validateOwnerReferences(meta.ownerReferences ?? []),
    ...validateManagedFields(meta.managedFields ?? []),
  ];
}

/** A kind's endpoints have short names (apimachinery pkg/apis/meta/v1/validation/validation.go MaxSubresourceNameLength). */
const maxSubresourceLength = 256;

/** Clients may write them too; what of them cannot be read has not come so far. */
const validateManagedFields = (entries: readonly ManagedFieldsEntry[]): FieldError[] =>
  entries.flatMap(({ manager = '', subresource = '' }, index) => [
    ...fieldManagerErrors(manager, `metadata.managedFields[${index}].manager`),
    ...(subresource.length > maxSubresourceLength
      ? [tooLong(`metadata.managedFields[${index}].subresource`, maxSubresourceLength)]
      : []),
  ]);

/** What no update may change (objectmeta.go ValidateObjectMetaUpdate). */
export function validateObjectMetaUpdate(
  definition: ResourceDefinition,
  next: KubernetesObject,
  current: KubernetesObject,
): FieldError[] {
  const after = metaOf(next);
  const before = metaOf(current);
  const immutable = (['name', 'namespace', 'uid', 'creationTimestamp'] as const)
    .filter((field) => after[field] !== before[field])
    .map((field) => invalidValue(`metadata.${field}`, after[field], 'field is immutable'));
  const added = (after.finalizers ?? []).filter((f) => !(before.finalizers ?? []).includes(f));
  const late =
    before.deletionTimestamp !== undefined && added.length > 0
      ? [
          forbiddenField(
            'metadata.finalizers',
            `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((f) => JSON.stringify(f)).join(', ')}}`,
          ),
        ]
      : [];
  return [...immutable, ...late, ...validateObjectMeta(definition, next)];
}
