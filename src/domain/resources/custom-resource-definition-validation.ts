import { forbiddenField, invalidValue, notSupported, required, type FieldError } from '../meta/field-error.ts';
import { dns1035Label, dnsSubdomain } from '../meta/names.ts';
import { metaOf } from '../meta/object-key.ts';
import type { CustomResourceDefinition, CustomResourceDefinitionNames } from '../meta/types.ts';
import { validateApiApproval } from './api-approval.ts';
import { validateVersion } from './custom-resource-version-validation.ts';

type Spec = CustomResourceDefinition['spec'];

/** apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go ValidateCustomResourceDefinition */
export function validateDefinition(
  definition: CustomResourceDefinition,
  current?: CustomResourceDefinition,
): FieldError[] {
  const { spec } = definition;
  const { name } = metaOf(definition);
  return [
    ...(name === `${spec.names.plural}.${spec.group}`
      ? []
      : [invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group')]),
    ...validateGroup(spec.group),
    ...validateScope(spec.scope),
    ...validateVersions(spec),
    ...requiredNames(spec.names),
    ...validateNames(spec.names, 'spec.names'),
    ...validateConversion(spec.conversion),
    ...(spec.preserveUnknownFields === true
      ? [
          invalidValue(
            'spec.preserveUnknownFields',
            true,
            'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
          ),
        ]
      : []),
    ...(current === undefined ? validateApiApproval(definition) : []),
  ];
}

/** What may not change: all objects are kept under group and plural, and served as this kind once the names are taken. */
export function validateDefinitionUpdate(
  next: CustomResourceDefinition,
  current: CustomResourceDefinition,
  isEstablished: boolean,
): FieldError[] {
  const fields: readonly (readonly [field: string, after: unknown, before: unknown])[] = [
    ...(isEstablished
      ? ([
          ['spec.scope', next.spec.scope, current.spec.scope],
          ['spec.names.kind', next.spec.names.kind, current.spec.names.kind],
        ] as const)
      : []),
    ['spec.group', next.spec.group, current.spec.group],
    ['spec.names.plural', next.spec.names.plural, current.spec.names.plural],
  ];
  return [
    ...fields
      .filter(([, after, before]) => after !== before)
      .map(([field, after]) => invalidValue(field, after, 'field is immutable')),
    ...validateStoredVersions(next),
  ];
}

function validateStoredVersions({ spec, status }: CustomResourceDefinition): FieldError[] {
  const names = new Set(spec.versions.map(({ name }) => name));
  return (status?.storedVersions ?? []).flatMap((version, index) =>
    names.has(version)
      ? []
      : [
          invalidValue(
            `status.storedVersions[${index}]`,
            version,
            `missing from spec.versions; ${version} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${version} and removes ${version} from status.storedVersions`,
          ),
        ],
  );
}

function validateGroup(group: string): FieldError[] {
  if (group === '') return [required('spec.group')];
  const texts = dnsSubdomain(group);
  if (texts.length > 0) return [invalidValue('spec.group', group, texts.join(','))];
  return group.includes('.') ? [] : [invalidValue('spec.group', group, 'should be a domain with at least one dot')];
}

function validateScope(scope: string): FieldError[] {
  if (scope === '') return [required('spec.scope')];
  const known = ['Cluster', 'Namespaced'];
  return known.includes(scope) ? [] : [notSupported('spec.scope', scope, known)];
}

/** Enough for every API there has ever been; each costs documents and checks. */
const maxVersions = 64;

function validateVersions({ versions }: Spec): FieldError[] {
  const names = versions.map(({ name }) => name);
  const briefly = versions.map(({ name, storage }) => ({ name, storage }));
  return [
    ...versions
      .slice(0, maxVersions)
      .flatMap((version, index) => [
        ...dnsLabelOf(version.name, `spec.versions[${index}].name`),
        ...validateVersion(version, `spec.versions[${index}]`),
      ]),
    ...(versions.length > maxVersions
      ? [invalidValue('spec.versions', versions.length, `must have at most ${maxVersions} versions`)]
      : []),
    ...(new Set(names).size < names.length
      ? [invalidValue('spec.versions', briefly, 'must contain unique version names')]
      : []),
    ...(versions.filter(({ storage }) => storage).length === 1
      ? []
      : [invalidValue('spec.versions', briefly, 'must have exactly one version marked as storage version')]),
  ];
}

const requiredNames = (names: CustomResourceDefinitionNames): FieldError[] =>
  (['plural', 'singular', 'kind', 'listKind'] as const)
    .filter((name) => !names[name])
    .map((name) => required(`spec.names.${name}`));

/** ValidateCustomResourceDefinitionNames */
export function validateNames(names: Partial<CustomResourceDefinitionNames>, field: string): FieldError[] {
  const { plural = '', singular = '', kind = '', listKind = '', shortNames = [], categories = [] } = names;
  const listed = (texts: readonly string[], name: string) =>
    texts.flatMap((text, index) => dnsLabelOf(text, `${field}.${name}[${index}]`));
  return [
    ...(plural === '' ? [] : dnsLabelOf(plural, `${field}.plural`)),
    ...(singular === '' ? [] : dnsLabelOf(singular, `${field}.singular`)),
    ...(kind === '' ? [] : validateKind(kind, `${field}.kind`)),
    ...(listKind === '' ? [] : validateKind(listKind, `${field}.listKind`)),
    ...listed(shortNames, 'shortNames'),
    ...(kind !== '' && kind === listKind
      ? [invalidValue(`${field}.listKind`, listKind, 'kind and listKind may not be the same')]
      : []),
    ...listed(categories, 'categories'),
  ];
}

function dnsLabelOf(text: string, field: string): FieldError[] {
  const texts = dns1035Label(text);
  return texts.length === 0 ? [] : [invalidValue(field, text, texts.join(','))];
}

function validateKind(kind: string, field: string): FieldError[] {
  const texts = dns1035Label(kind.toLowerCase());
  return texts.length === 0
    ? []
    : [invalidValue(field, kind, `may have mixed case, but should otherwise match: ${texts.join(',')}`)];
}

function validateConversion(conversion: Spec['conversion']): FieldError[] {
  const { strategy = '', webhook } = conversion ?? {};
  const field = 'spec.conversion.strategy';
  if (strategy === '') return [required(field)];
  if (strategy === 'Webhook')
    return [
      forbiddenField(
        field,
        'k2d does not call webhooks to convert between versions yet; use None, which changes apiVersion only',
      ),
    ];
  if (strategy !== 'None') return [notSupported(field, strategy, ['None', 'Webhook'])];
  return webhook === undefined
    ? []
    : [forbiddenField('spec.conversion.webhookClientConfig', 'should not be set when strategy is not set to Webhook')];
}
