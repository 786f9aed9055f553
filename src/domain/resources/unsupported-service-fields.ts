import type { Service } from '../meta/types.ts';
import { warnOfUnsupported, type UnsupportedField } from './unsupported-fields.ts';

/** What of a Service neither data plane nor names act on yet. */
const serviceFields: readonly UnsupportedField[] = [
  {
    path: 'type',
    only: 'LoadBalancer',
    what: 'provide load balancers',
    effect: 'the service is reached by its node ports',
  },
  { path: 'type', only: 'ExternalName', what: 'resolve names of services to names outside' },
  { path: 'externalIPs', what: 'route external addresses to services' },
  { path: 'trafficDistribution', what: 'prefer endpoints' },
];

export const warnOfServiceFields = ({ spec }: Service): string[] => warnOfUnsupported(serviceFields, spec, 'spec');
