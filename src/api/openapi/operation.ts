import type { ResourceDefinition } from '../../domain/resources/resource-definition.ts';
import type { GroupVersionKind, Json } from './json.ts';

type Operation = {
  readonly verb: string;
  readonly action: string;
  readonly does: string;
  readonly gvk: GroupVersionKind;
};

/** What is said of every operation; the suffix tells apart those of one verb. */
export function operation(resource: ResourceDefinition, { verb, action, does, gvk }: Operation, suffix = ''): Json {
  const group = resource.group === '' ? 'core' : (resource.group.split('.')[0] ?? '');
  const groupVersion = `${capitalized(group)}${capitalized(resource.version)}`;
  const namespaced = resource.scope === 'Namespaced' && suffix !== 'ForAllNamespaces' ? 'Namespaced' : '';
  return {
    tags: [`${group}_${resource.version}`],
    description: does,
    operationId: `${verb}${groupVersion}${namespaced}${resource.kind}${suffix}`,
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
  };
}

export function kindOf({ group, version, kind }: ResourceDefinition): GroupVersionKind {
  return { group, version, kind };
}

export function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
