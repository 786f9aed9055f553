import type { ObjectKey } from '../../domain/meta/object-key.ts';
import { StatusError } from '../../domain/meta/status-error.ts';
import type { ServicePort } from '../../domain/meta/types.ts';
import { pods } from '../../domain/resources/pod.ts';
import { services } from '../../domain/resources/service.ts';
import type { VerbContext } from '../verb.ts';
import { backend, type Backend } from './backend.ts';
import { proxiedName } from './proxied-name.ts';

/** One of its endpoints, of those that are pods: an address that somebody wrote into an EndpointSlice leads nowhere (kubernetes pkg/registry/core/service/storage ResourceLocation). */
export function serviceBackend(
  { registry, random, serviceEndpoints }: Pick<VerbContext, 'registry' | 'random' | 'serviceEndpoints'>,
  { namespace, name: text }: ObjectKey,
): Backend {
  const { protocol, name, port } = proxiedName(text, 'service');
  const service = registry.get(services, { namespace, name });
  const servicePort = portNamed(service.spec?.ports ?? [], port);
  if (servicePort === undefined && /^\d+$/.test(port)) {
    throw unavailable(`no service port ${port} found for service ${JSON.stringify(name)}`);
  }
  const addresses = new Set(registry.all(pods, namespace).flatMap(({ status }) => status?.podIP ?? []));
  const endpoints = servicePort ? serviceEndpoints(service, servicePort).filter(({ ip }) => addresses.has(ip)) : [];
  const chosen = endpoints[Math.floor(random() * endpoints.length)];
  if (chosen === undefined) throw unavailable(`no endpoints available for service ${JSON.stringify(name)}`);
  return backend(protocol, chosen.ip, chosen.port);
}

/** By name or number; a service's only port needs neither. */
const portNamed = (ports: readonly ServicePort[], wanted: string): ServicePort | undefined =>
  ports.find(({ name = '', port }) => name === wanted || String(port) === wanted) ??
  (wanted === '' && ports.length === 1 ? ports[0] : undefined);

const unavailable = (message: string) => new StatusError(503, 'ServiceUnavailable', message);
