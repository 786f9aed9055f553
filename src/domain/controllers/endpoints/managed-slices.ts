import { formatKey, metaOf, type ObjectKey } from '../../meta/object-key.ts';
import type { EndpointSlice } from '../../meta/types.ts';
import type { ChangeEvent } from '../../meta/watch-event.ts';
import type { Registry } from '../../registry/registry.ts';
import { endpointSlices } from '../../resources/endpoint-slice.ts';
import { managedByLabel, serviceNameLabel } from './endpoint-slices-plan.ts';

/** The slices of a Service that the controller of this name has made. */
export const managedSlices = (registry: Registry, managedBy: string, service: ObjectKey): EndpointSlice[] =>
  registry.all(endpointSlices, service.namespace).filter((slice) => serviceName(slice, managedBy) === service.name);

/** Keys of the Services whose slice has changed, also of one that has just been taken out of the controller's hands. */
export const servicesOfSlice = (managedBy: string, { object, previous }: ChangeEvent<EndpointSlice>): string[] =>
  [object, previous ?? object].flatMap((slice) => {
    const name = serviceName(slice, managedBy);
    return name === undefined ? [] : formatKey({ namespace: metaOf(slice).namespace ?? '', name });
  });

const serviceName = (slice: EndpointSlice, managedBy: string): string | undefined => {
  const { labels = {} } = metaOf(slice);
  return labels[managedByLabel] === managedBy ? labels[serviceNameLabel] : undefined;
};
