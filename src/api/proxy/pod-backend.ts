import type { Registry } from '../../domain/registry/registry.ts';
import { pods } from '../../domain/resources/pod.ts';
import type { ObjectKey } from '../../domain/meta/object-key.ts';
import { backend, type Backend } from './backend.ts';
import { proxiedName } from './proxied-name.ts';

/** Without a port its first one that has a number in the spec; the usual one of the protocol where it names none (kubernetes pkg/registry/core/pod/strategy.go ResourceLocation). */
export function podBackend(registry: Pick<Registry, 'get'>, { namespace, name: text }: ObjectKey): Backend {
  const { protocol, name, port } = proxiedName(text, 'pod');
  const { spec, status } = registry.get(pods, { namespace, name });
  const [first] = (spec?.containers ?? []).flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort));
  return backend(protocol, status?.podIP ?? '', port || (first ?? (protocol === 'https:' ? 443 : 80)));
}
