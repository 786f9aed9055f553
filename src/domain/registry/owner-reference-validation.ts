import { invalidValue, type FieldError } from '../meta/field-error.ts';
import type { OwnerReference } from '../meta/types.ts';

const field = 'metadata.ownerReferences';

/** apimachinery pkg/api/validation/objectmeta.go ValidateOwnerReferences */
export function validateOwnerReferences(references: readonly OwnerReference[]): FieldError[] {
  const [first, second] = references.filter(({ controller }) => controller === true);
  return [
    ...references.flatMap(validateOwnerReference),
    ...(first && second
      ? [
          invalidValue(
            field,
            references,
            `Only one reference can have Controller set to true. Found "true" in references for ${first.name} and ${second.name}`,
          ),
        ]
      : []),
  ];
}

const validateOwnerReference = (reference: OwnerReference): FieldError[] => [
  ...(reference.apiVersion ? [] : [invalidValue(`${field}.apiVersion`, '', 'version must not be empty')]),
  ...(reference.kind ? [] : [invalidValue(`${field}.kind`, '', 'must not be empty')]),
  ...(reference.name ? [] : [invalidValue(`${field}.name`, '', 'must not be empty')]),
  ...(reference.uid ? [] : [invalidValue(`${field}.uid`, '', 'must not be empty')]),
  ...(reference.apiVersion === 'v1' && reference.kind === 'Event'
    ? [invalidValue(field, reference, '/v1, Kind=Event is disallowed from being an owner')]
    : []),
];
