import { sameJson } from '../../meta/deep-equal.ts';
import { metaOf } from '../../meta/object-key.ts';
import type { EndpointSlice, OwnerReference, Service } from '../../meta/types.ts';

export const serviceNameLabel = 'kubernetes.io/service-name';
export const managedByLabel = 'endpointslice.kubernetes.io/managed-by';

/** What one slice says. */
export type SliceContent = Pick<EndpointSlice, 'addressType' | 'endpoints' | 'ports'>;

/** What all slices of a Service have in common. */
export type SliceFrame = { service: Service; managedBy: string; owner: OwnerReference };

export type SlicesPlan = { create: EndpointSlice[]; update: EndpointSlice[]; remove: EndpointSlice[] };

/** kube-controller-manager --max-endpoints-per-slice */
const maxEndpoints = 100;

/**
 * Makes the slices of a Service say what they should (kubernetes staging/src/k8s.io/endpointslice/reconciler.go). Those with the same
 * ports keep their names, so that a change of one endpoint changes one slice.
 */
export function planEndpointSlices(
  frame: SliceFrame,
  contents: readonly SliceContent[],
  standing: readonly EndpointSlice[],
): SlicesPlan {
  const free = [...standing];
  const plan: SlicesPlan = { create: [], update: [], remove: [] };
  for (const content of contents.flatMap(chunks)) {
    const slice = takeFitting(free, content);
    if (slice) plan.update.push(framed(frame, metaOf(slice), content));
    else plan.create.push(framed(frame, newMeta(frame.service), content));
  }
  return { ...plan, remove: free };
}

const chunks = ({ endpoints = [], ...rest }: SliceContent): SliceContent[] =>
  Array.from({ length: Math.max(1, Math.ceil(endpoints.length / maxEndpoints)) }, (_, i) => ({
    ...rest,
    endpoints: endpoints.slice(i * maxEndpoints, (i + 1) * maxEndpoints),
  }));

/** The family of a slice cannot change; its ports can. */
function takeFitting(free: EndpointSlice[], { addressType, ports }: SliceContent): EndpointSlice | undefined {
  const sameFamily = free.filter((slice) => slice.addressType === addressType);
  const fitting = sameFamily.find((slice) => sameJson(slice.ports, ports)) ?? sameFamily[0];
  if (fitting) free.splice(free.indexOf(fitting), 1);
  return fitting;
}

const newMeta = (service: Service) => ({
  generateName: `${metaOf(service).name}-`,
  namespace: metaOf(service).namespace ?? '',
});

/** The Service's own labels come along, for selectors (endpointslice utils.go setEndpointSliceLabels). */
const framed = (
  { service, managedBy, owner }: SliceFrame,
  metadata: NonNullable<EndpointSlice['metadata']>,
  content: SliceContent,
): EndpointSlice => ({
  metadata: {
    ...metadata,
    labels: {
      ...metaOf(service).labels,
      ...(service.spec?.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {}),
      [serviceNameLabel]: metaOf(service).name ?? '',
      [managedByLabel]: managedBy,
    },
    ownerReferences: [owner],
  },
  ...content,
});
