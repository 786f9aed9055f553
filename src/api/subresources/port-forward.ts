import { metaOf } from '../../domain/meta/object-key.ts';
import { badRequest } from '../../domain/meta/status-error.ts';
import type { Pod } from '../../domain/meta/types.ts';
import { pods } from '../../domain/resources/pod.ts';
import { portForwardProtocols, tunnelProtocol } from '../streaming/port-forward-protocols.ts';
import { portNumber } from '../streaming/port-number.ts';
import type { Verb } from '../verb.ts';
import type { Subresource } from './subresource.ts';

/** Each has two channels, whose numbers have to fit into the one character that base64 has for them. */
const mostPorts = 32;

/** kubernetes pkg/registry/core/pod/rest/subresources.go PortForwardREST. */
const connectTo: Verb = ({ registry, kubelet }, { key, query, closed, requireVerb, requireUpgrade }) => {
  requireVerb('create');
  const pod = registry.get(pods, key);
  const ports = portsIn(query);
  requireRunning(pod);
  const wire = requireUpgrade(portForwardProtocols);
  if (wire.carrier === 'websocket' && wire.protocol !== tunnelProtocol && ports.length === 0) {
    throw badRequest('query parameter "ports" is required');
  }
  const signal = closed();
  const dial = (port: number) => kubelet.portForward(pod, port, signal);
  return { kind: 'port-forward', wire, forward: { ports, dial, closed: signal } };
};

/** `ports=80,81` or `ports=80&ports=81`. */
function portsIn(query: URLSearchParams): number[] {
  const ports = query
    .getAll('ports')
    .flatMap((list) => list.split(','))
    .map(portNumber);
  if (ports.length > mostPorts) throw badRequest(`at most ${mostPorts} ports may be forwarded at once`);
  return ports;
}

function requireRunning(pod: Pod): void {
  const { name = '' } = metaOf(pod);
  if (!pod.spec?.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
  const { phase, podIP } = pod.status ?? {};
  if (phase === 'Succeeded' || phase === 'Failed' || !podIP) throw badRequest(`pod ${name} is not running`);
}

export const portForward: Subresource = {
  name: 'portforward',
  servedFor: ({ group, plural }) => group === pods.group && plural === pods.plural,
  verbs: { get: connectTo, create: connectTo },
  connects: true,
  responseKind: { group: '', version: 'v1', kind: 'PodPortForwardOptions' },
};
