import type { Service, ServicePort } from '../meta/types.ts';
import { withDefaults } from './with-defaults.ts';

const sessionTimeoutSeconds = 10_800;

const defaultPort = (port: ServicePort): ServicePort =>
  withDefaults(
    { ...port, ...(port.targetPort === 0 ? { targetPort: port.port } : {}) },
    { protocol: 'TCP', targetPort: port.port },
  );

/** kubernetes pkg/apis/core/v1/defaults.go SetDefaults_Service */
export function defaultService(service: Service): Service {
  const spec = withDefaults(service.spec ?? {}, { sessionAffinity: 'None', type: 'ClusterIP' });
  const outside = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  return {
    ...service,
    spec: withDefaults(
      { ...spec, ...(spec.ports ? { ports: spec.ports.map(defaultPort) } : {}) },
      {
        ...(spec.sessionAffinity === 'ClientIP'
          ? { sessionAffinityConfig: { clientIP: { timeoutSeconds: sessionTimeoutSeconds } } }
          : {}),
        ...(spec.type === 'ExternalName' ? {} : { internalTrafficPolicy: 'Cluster' }),
        ...(outside ? { externalTrafficPolicy: 'Cluster' } : {}),
        ...(spec.type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: true } : {}),
      },
    ),
    status: withDefaults(service.status ?? {}, { loadBalancer: {} }),
  };
}
