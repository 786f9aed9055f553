import { pods } from '../../domain/resources/pod.ts';
import { containerNamed } from '../container-named.ts';
import { remoteCommandProtocols } from '../streaming/remote-command-protocols.ts';
import type { Verb } from '../verb.ts';
import { containerNotFound, leavable, wantedStreams } from './remote-command-options.ts';
import type { Subresource } from './subresource.ts';

/** kubernetes pkg/registry/core/pod/rest/subresources.go AttachREST. */
const attachTo: Verb = async (
  { registry, kubelet },
  { key, query, closed: closedSignal, requireVerb, requireUpgrade },
) => {
  requireVerb('create');
  const pod = registry.get(pods, key);
  const container = containerNamed(pod, query.get('container') ?? '');
  const wanted = wantedStreams(query);
  const wire = requireUpgrade(remoteCommandProtocols);
  const closed = closedSignal();
  const { signal, leave } = leavable(closed);
  const process = await kubelet.attach(pod, container, { stdin: wanted.stdin }, signal);
  if (process === undefined) throw containerNotFound(container);
  return { kind: 'remote-command', wire, command: { wanted, process, closed, leave } };
};

export const attach: Subresource = {
  name: 'attach',
  servedFor: ({ group, plural }) => group === pods.group && plural === pods.plural,
  verbs: { get: attachTo, create: attachTo },
  connects: true,
  responseKind: { group: '', version: 'v1', kind: 'PodAttachOptions' },
};
