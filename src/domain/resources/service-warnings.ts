import { metaOf } from '../meta/object-key.ts';
import type { Service } from '../meta/types.ts';
import { headless } from './service-spec.ts';
import { warnOfServiceFields } from './unsupported-service-fields.ts';

const oldHints = 'service.kubernetes.io/topology-aware-hints';

/** What Kubernetes warns of (kubernetes pkg/api/service/warnings.go), and what k2d does not act on. */
export const serviceWarnings = (service: Service): string[] => [
  ...(metaOf(service).annotations?.[oldHints] === undefined
    ? []
    : [`annotation ${oldHints} is deprecated, please use service.kubernetes.io/topology-mode instead`]),
  ...(service.spec?.clusterIP === headless ? headlessWarnings(service.spec) : []),
  ...warnOfServiceFields(service),
];

const headlessWarnings = ({ loadBalancerIP, externalIPs, sessionAffinity }: NonNullable<Service['spec']>): string[] => [
  ...(loadBalancerIP ? ['spec.loadBalancerIP is ignored for headless services'] : []),
  ...(externalIPs?.length ? ['spec.externalIPs is ignored for headless services'] : []),
  ...(sessionAffinity && sessionAffinity !== 'None' ? ['spec.SessionAffinity is ignored for headless services'] : []),
];
