import { metaOf } from '../../meta/object-key.ts';
import type { Pod } from '../../meta/types.ts';
import { followResources } from '../../registry/follow-resources.ts';
import { inform } from '../../registry/informer.ts';
import type { Registry } from '../../registry/registry.ts';
import { networkAttachmentDefinitions } from '../../resources/network-attachment-definition.ts';
import { networksAnnotation, networkSelections } from '../../resources/network-selection.ts';
import type { ResourceCatalog } from '../../resources/resource-catalog.ts';
import { resourceName, type ResourceDefinition } from '../../resources/resource-definition.ts';
import { nameOf } from './pod-network-plans.ts';

/** Tells `namespace/name` of every NetworkAttachmentDefinition that is there, comes, changes or goes, until the signal; their kind may come and go, too. */
export function hearNetworkDefinitions(
  { registry, catalog, signal }: { registry: Registry; catalog: ResourceCatalog; signal: AbortSignal },
  changed: (name: string) => void,
): void {
  const listen = (definition: ResourceDefinition) => {
    if (resourceName(definition) !== resourceName(networkAttachmentDefinitions)) return false;
    const tell = ({ namespace = '', name = '' }) => changed(`${namespace}/${name}`);
    return inform(registry, networkAttachmentDefinitions, ({ object }) => tell(metaOf(object)), signal);
  };
  followResources(catalog, listen, signal);
}

/** `namespace/name` of those that the pod asks for. */
export function networkDefinitionsOf(pod: Pod): string[] {
  const { namespace = '', annotations } = metaOf(pod);
  const asked = networkSelections(annotations?.[networksAnnotation], namespace);
  return asked.kind === 'selected' ? asked.selections.map(nameOf) : [];
}
