import { badRequest } from '../../domain/meta/status-error.ts';
import { pods } from '../../domain/resources/pod.ts';
import { containerNamed } from '../container-named.ts';
import { remoteCommandProtocols } from '../streaming/remote-command-protocols.ts';
import type { Verb } from '../verb.ts';
import { containerNotFound, leavable, wantedStreams } from './remote-command-options.ts';
import type { Subresource } from './subresource.ts';

/** kubernetes pkg/registry/core/pod/rest/subresources.go ExecREST. Whoever reaches it with GET must be allowed to create it all the same. */
const execute: Verb = async (
  { registry, kubelet },
  { key, query, closed: closedSignal, requireVerb, requireUpgrade },
) => {
  requireVerb('create');
  const pod = registry.get(pods, key);
  const container = containerNamed(pod, query.get('container') ?? '');
  const wanted = wantedStreams(query);
  const command = query.getAll('command');
  if (command.length === 0) throw badRequest('you must specify at least 1 command for the pod');
  const wire = requireUpgrade(remoteCommandProtocols);
  const closed = closedSignal();
  const { signal, leave } = leavable(closed);
  const session = await kubelet.exec(pod, container, { command, tty: wanted.tty, stdin: wanted.stdin }, signal);
  if (session === undefined) throw containerNotFound(container);
  return {
    kind: 'remote-command',
    wire,
    command: { wanted, process: session, exitCode: () => session.exitCode(), closed, leave },
  };
};

export const exec: Subresource = {
  name: 'exec',
  servedFor: ({ group, plural }) => group === pods.group && plural === pods.plural,
  verbs: { get: execute, create: execute },
  connects: true,
  responseKind: { group: '', version: 'v1', kind: 'PodExecOptions' },
};
