import { expect, test } from 'vitest';
import { services } from './service.ts';

test.each([
  [{ spec: { clusterIP: '10.43.0.9', sessionAffinity: 'ClientIP' } }, []],
  [{ spec: { clusterIP: 'None', sessionAffinity: 'None' } }, []],
  [
    { spec: { clusterIP: 'None', sessionAffinity: 'ClientIP', loadBalancerIP: '1.2.3.4' } },
    ['spec.loadBalancerIP is ignored for headless services', 'spec.SessionAffinity is ignored for headless services'],
  ],
  [
    { metadata: { annotations: { 'service.kubernetes.io/topology-aware-hints': 'auto' } }, spec: {} },
    [
      'annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead',
    ],
  ],
])('%j', (service, warnings) => expect(services.warnings(service)).toEqual(warnings));
