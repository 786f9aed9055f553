import type { Pod, Service } from '../../meta/types.ts';

/**
 * The variables of services that pods know from their start (kubernetes pkg/kubelet/envvars/envvars.go): those of the pod's own
 * namespace, and always default/kubernetes.
 */
export function serviceEnvironment(pod: Pod, services: readonly Service[]): Record<string, string> {
  const namespace = pod.metadata?.namespace;
  const isApi = ({ metadata }: Service) => metadata?.namespace === 'default' && metadata.name === 'kubernetes';
  const wanted = services.filter(
    (service) =>
      isApi(service) || (pod.spec?.enableServiceLinks !== false && service.metadata?.namespace === namespace),
  );
  return Object.assign({}, ...wanted.map(variablesOf)) as Record<string, string>;
}

function variablesOf({ metadata, spec }: Service): Record<string, string> {
  const ip = spec?.clusterIP;
  const ports = spec?.ports ?? [];
  if (!ip || ip === 'None' || ports.length === 0) return {};
  const prefix = (metadata?.name ?? '').toUpperCase().replaceAll('-', '_');
  const first = ports[0]!;
  const url = (p: (typeof ports)[number]) => `${(p.protocol ?? 'TCP').toLowerCase()}://${ip}:${p.port}`;
  return Object.assign(
    {
      [`${prefix}_SERVICE_HOST`]: ip,
      [`${prefix}_SERVICE_PORT`]: String(first.port),
      [`${prefix}_PORT`]: url(first),
    },
    ...ports.map((p) => {
      const one = `${prefix}_PORT_${p.port}_${p.protocol ?? 'TCP'}`;
      const named = p.name
        ? { [`${prefix}_SERVICE_PORT_${p.name.toUpperCase().replaceAll('-', '_')}`]: String(p.port) }
        : {};
      return {
        ...named,
        [one]: url(p),
        [`${one}_PROTO`]: (p.protocol ?? 'TCP').toLowerCase(),
        [`${one}_PORT`]: String(p.port),
        [`${one}_ADDR`]: ip,
      };
    }),
  ) as Record<string, string>;
}
