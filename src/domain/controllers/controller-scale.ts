import { controllerOf, metaOf } from '../meta/object-key.ts';
import type { KubernetesObject, OwnerReference, Pod } from '../meta/types.ts';
import type { Registry } from '../registry/registry.ts';
import type { ResourceCatalog } from '../resources/resource-catalog.ts';
import { apiVersionOf, type ResourceDefinition } from '../resources/resource-definition.ts';
import { scaleOf } from '../resources/scale.ts';

/** Nobody can say how many pods there ought to be. */
export class UnknownScale extends Error {
  override readonly name = 'UnknownScale';
}

type Owner = { definition: ResourceDefinition; object: KubernetesObject };

/**
 * How many pods the controllers of these want together (kubernetes pkg/controller/disruption/disruption.go getExpectedScale). Pods without
 * a controller do not count. Throws UnknownScale.
 */
export function controllerScale(pods: readonly Pod[], registry: Registry, catalog: ResourceCatalog): number {
  const scales = new Map<string, number>();
  for (const pod of pods) {
    const reference = controllerOf(pod);
    if (!reference) continue;
    const { namespace = '', name } = metaOf(pod);
    const owner = rootOwner(reference, namespace, registry, catalog);
    if (!owner) throw new UnknownScale(`found no controllers for pod "${name}"`);
    scales.set(metaOf(owner.object).uid ?? '', scaleOf(owner.definition, owner.object).spec?.replicas ?? 0);
  }
  return [...scales.values()].reduce((sum, scale) => sum + scale, 0);
}

/** A Deployment stands for its ReplicaSets, of which there are two during a rollout. */
function rootOwner(
  reference: OwnerReference,
  namespace: string,
  registry: Registry,
  catalog: ResourceCatalog,
): Owner | undefined {
  const find = ({ apiVersion, kind, name, uid }: OwnerReference): Owner | undefined => {
    const definition = catalog.definitions.find((known) => apiVersionOf(known) === apiVersion && known.kind === kind);
    if (!definition?.subresources.includes('scale')) return undefined;
    const object = registry.find(definition, { namespace, name });
    return object && metaOf(object).uid === uid ? { definition, object } : undefined;
  };
  const owner = find(reference);
  const above = owner && controllerOf(owner.object);
  return (above && find(above)) ?? owner;
}
