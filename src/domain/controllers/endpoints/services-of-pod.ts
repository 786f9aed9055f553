import { matches, selectorOf } from '../../meta/label-selector.ts';
import { formatKey, keyOf, metaOf } from '../../meta/object-key.ts';
import type { Pod, Service } from '../../meta/types.ts';
import type { ChangeEvent } from '../../meta/watch-event.ts';
import type { Registry } from '../../registry/registry.ts';
import { services } from '../../resources/service.ts';

/** Only Services with a selector have endpoints that follow from pods; others are written by whoever made them. */
export const selectsPods = ({ spec }: Service): boolean =>
  spec?.type !== 'ExternalName' && Object.keys(spec?.selector ?? {}).length > 0;

export const isBehind = (service: Service, pod: Pod): boolean =>
  selectsPods(service) && matches(selectorOf(service.spec?.selector ?? {}), metaOf(pod).labels);

/** Keys of the Services that the pod is or was behind. */
export const servicesOfPod = (registry: Registry, { object, previous }: ChangeEvent<Pod>): string[] =>
  registry
    .all(services, metaOf(object).namespace)
    .filter((service) => isBehind(service, object) || (previous && isBehind(service, previous)))
    .map((service) => formatKey(keyOf(service)));
