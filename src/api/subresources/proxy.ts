import { nodes } from '../../domain/resources/node.ts';
import { pods } from '../../domain/resources/pod.ts';
import type { ResourceDefinition } from '../../domain/resources/resource-definition.ts';
import { services } from '../../domain/resources/service.ts';
import type { Verb } from '../verb.ts';
import type { Subresource } from './subresource.ts';

/** Loaded when somebody first connects. */
const toPod: Verb = async ({ registry }, { key, closed }) => {
  const { podBackend } = await import('../proxy/pod-backend.ts');
  return { kind: 'proxy', backend: podBackend(registry, key), closed: closed() };
};

const toService: Verb = async (context, { key, closed }) => {
  const { serviceBackend } = await import('../proxy/service-backend.ts');
  return { kind: 'proxy', backend: serviceBackend(context, key), closed: closed() };
};

const toNode: Verb = async (context, call) => {
  const { nodeAnswer } = await import('../proxy/node-answer.ts');
  return nodeAnswer(context, call);
};

/** What a pod, a service or the kubelet serves over HTTP, below an address of the API (kubernetes pkg/registry/core/{pod,service,node}/rest). */
const proxyOf = ({ group, version, plural, kind }: ResourceDefinition, verb: Verb): Subresource => ({
  name: 'proxy',
  servedFor: (definition) => definition.group === group && definition.plural === plural,
  verbs: { get: verb, create: verb, update: verb, patch: verb, delete: verb },
  connects: true,
  passesOn: verb,
  responseKind: { group, version, kind: `${kind}ProxyOptions` },
});

export const proxies: readonly Subresource[] = [
  proxyOf(nodes, toNode),
  proxyOf(pods, toPod),
  proxyOf(services, toService),
];
