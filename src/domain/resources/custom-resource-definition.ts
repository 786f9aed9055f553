import type { FieldError } from '../meta/field-error.ts';
import { metaOf } from '../meta/object-key.ts';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionCondition,
  CustomResourceDefinitionVersion,
} from '../meta/types.ts';
import { validateApiApproval } from './api-approval.ts';
import {
  validateDefinition,
  validateDefinitionUpdate,
  validateNames,
} from './custom-resource-definition-validation.ts';
import { createdAtColumn, nameColumn } from './metadata-columns.ts';
import { readDefinitionFields } from './read-definition-fields.ts';
import { defineResource } from './resource-definition.ts';

/** Holds a deleted definition until its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

export const conditionOf = (
  { status }: CustomResourceDefinition,
  type: string,
): CustomResourceDefinitionCondition | undefined => status?.conditions?.find((condition) => condition.type === type);

export const hasCondition = (definition: CustomResourceDefinition, type: string): boolean =>
  conditionOf(definition, type)?.status === 'True';

export const storageVersion = ({ spec }: CustomResourceDefinition): CustomResourceDefinitionVersion | undefined =>
  spec.versions.find(({ storage }) => storage);

/** What a body may leave out is the zero value to Go, and then to validation. */
const emptyVersion = { name: '', served: false, storage: false };
const emptyNames = { plural: '', kind: '' };
const emptySpec = { group: '', scope: '' };

/** apiextensions-apiserver pkg/apis/apiextensions/v1/defaults.go */
function defaultDefinition(definition: CustomResourceDefinition): CustomResourceDefinition {
  const spec: Partial<CustomResourceDefinition['spec']> = definition.spec ?? {};
  const names = { ...emptyNames, ...spec.names };
  return {
    ...definition,
    spec: {
      ...emptySpec,
      ...spec,
      versions: (spec.versions ?? []).map((version) => ({ ...emptyVersion, ...version })),
      names: {
        ...names,
        listKind: names.listKind || (names.kind === '' ? '' : `${names.kind}List`),
        singular: names.singular || names.kind.toLowerCase(),
      },
      conversion: spec.conversion ?? { strategy: 'None' },
    },
  };
}

/** Objects may be kept in every version that has ever been the one to keep them in. */
function withStorageVersion(definition: CustomResourceDefinition): CustomResourceDefinition {
  const stored = definition.status?.storedVersions ?? [];
  const { name } = storageVersion(definition) ?? {};
  if (name === undefined || stored.includes(name)) return definition;
  return { ...definition, status: { ...definition.status, storedVersions: [...stored, name] } };
}

/** One that is being deleted only loses its finalizers; what has become wrong with it must not keep it. */
const validateAll = (definition: CustomResourceDefinition, current?: CustomResourceDefinition): FieldError[] => [
  ...(current !== undefined && metaOf(current).deletionTimestamp !== undefined
    ? []
    : validateDefinition(definition, current)),
  ...validateStatus(definition),
];

const validateStatus = ({ status }: CustomResourceDefinition): FieldError[] =>
  status?.acceptedNames === undefined ? [] : validateNames(status.acceptedNames, 'status.acceptedNames');

/** apiextensions-apiserver pkg/registry/customresourcedefinition */
export const customResourceDefinitions = defineResource<CustomResourceDefinition>({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  scope: 'Cluster',
  subresources: ['status'],
  hasGeneration: true,
  keepsStatus: () => true,
  unconditionalUpdate: false,
  readFields: readDefinitionFields,
  default: defaultDefinition,
  prepareForCreate: (definition) =>
    withStorageVersion({
      ...definition,
      status: { conditions: [], acceptedNames: { plural: '', kind: '' }, storedVersions: [] },
    }),
  prepareForUpdate: withStorageVersion,
  // Marked at first in any case, for its objects go before it.
  deletionGrace: () => 0,
  prepareForDelete: (next, current) =>
    metaOf(current).deletionTimestamp === undefined
      ? {
          ...next,
          metadata: {
            ...metaOf(next),
            finalizers: [...new Set([...(metaOf(next).finalizers ?? []), cleanupFinalizer])],
          },
        }
      : next,
  validate: validateAll,
  validateUpdate: (next, current) => [
    ...validateDefinitionUpdate(next, current, hasCondition(current, 'Established')),
    ...validateApiApproval(next, current),
  ],
  validateStatus,
  columns: [nameColumn, createdAtColumn],
});
