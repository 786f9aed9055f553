import type { CustomResourceDefinition, CustomResourceDefinitionVersion, KubernetesObject } from '../meta/types.ts';
import { fillDefaults } from '../meta/structural-schema/fill-defaults.ts';
import type { JsonSchema } from '../meta/structural-schema/json-schema.ts';
import { customMergeType } from '../meta/structural-schema/merge-type.ts';
import { pruneFields } from '../meta/structural-schema/prune-fields.ts';
import { storageVersion } from './custom-resource-definition.ts';
import { customResourceColumns } from './custom-resource-columns.ts';
import { validateCustomResource, validateCustomResourceStatus } from './custom-resource-validation.ts';
import { schemaOf } from './custom-resource-version-validation.ts';
import { fieldNames, valueAt } from './field-names.ts';
import { readCustomResource } from './read-custom-resource.ts';
import { defineResource, type ResourceDefinition, type ScalePaths } from './resource-definition.ts';

/** Defined by a user, not built in. */
export const isCustomResource = ({ openApiSchema, isMeasured }: ResourceDefinition): boolean =>
  openApiSchema !== undefined && !isMeasured;

/** Every version of the resource that a CustomResourceDefinition defines, under the names that it was given. */
export function customResources(definition: CustomResourceDefinition): readonly ResourceDefinition[] {
  const stored = storageVersion(definition);
  if (stored === undefined) return [];
  return definition.spec.versions
    .filter((version) => version.served || version === stored)
    .map((version) => customResource(definition, version, `${definition.spec.group}/${stored.name}`));
}

/** The schema is used as it stands in the definition: nothing is compiled or copied. */
function customResource(
  { spec, status }: CustomResourceDefinition,
  version: CustomResourceDefinitionVersion,
  storedAs: string,
): ResourceDefinition {
  const {
    plural,
    singular = '',
    kind,
    listKind = `${kind}List`,
    shortNames = [],
    categories = [],
  } = status?.acceptedNames ?? spec.names;
  const schema: JsonSchema = schemaOf(version) ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const { subresources } = version;
  const scalePaths = scalePathsOf(version);
  const apiVersion = `${spec.group}/${version.name}`;
  const complete = (object: KubernetesObject): KubernetesObject =>
    fillDefaults(pruneFields(object, schema).value, schema) as KubernetesObject;
  return defineResource({
    group: spec.group,
    version: version.name,
    kind,
    listKind,
    plural,
    singular,
    shortNames,
    categories,
    scope: spec.scope as 'Namespaced' | 'Cluster',
    subresources: [
      ...(subresources?.status === undefined ? [] : (['status'] as const)),
      ...(scalePaths === undefined ? [] : (['scale'] as const)),
    ],
    // apiextensions-apiserver pkg/registry/customresource/status_strategy.go
    statusMetadata: [],
    ...(scalePaths === undefined ? {} : { scalePaths }),
    hasGeneration: true,
    keepsStatus: () => true,
    unconditionalUpdate: false,
    isServed: version.served,
    isStorageVersion: version.storage,
    readFields: (object) => readCustomResource(object, schema),
    openApiSchema: schema,
    mergeType: customMergeType(schema),
    ...(version.deprecated === true
      ? { deprecation: version.deprecationWarning ?? `${apiVersion} ${kind} is deprecated` }
      : {}),
    default: complete,
    load: (object) => object,
    fromStored: (object) => inVersion(complete(object), apiVersion),
    toStored: (object) => inVersion(object, storedAs),
    validate: (object, current) => validateCustomResource({ schema, scalePaths }, object, current),
    validateStatus: (next, current) => validateCustomResourceStatus({ schema, scalePaths }, next, current),
    fields: (version.selectableFields ?? []).map(({ jsonPath }) => ({
      path: fieldNames(jsonPath).join('.'),
      value: (object) => textOf(valueAt(object, fieldNames(jsonPath))),
    })),
    columns: customResourceColumns(version),
  });
}

/** Conversion of strategy None: nothing but the version's name differs. */
const inVersion = (object: KubernetesObject, apiVersion: string): KubernetesObject =>
  object.apiVersion === apiVersion ? object : { ...object, apiVersion };

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

function scalePathsOf({ subresources }: CustomResourceDefinitionVersion): ScalePaths | undefined {
  const { scale } = subresources ?? {};
  if (scale === undefined) return undefined;
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  return {
    specReplicas: fieldNames(specReplicasPath),
    statusReplicas: fieldNames(statusReplicasPath),
    ...(labelSelectorPath ? { labelSelector: fieldNames(labelSelectorPath) } : {}),
  };
}
