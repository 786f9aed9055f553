import { metaOf } from '../../domain/meta/object-key.ts';
import { badRequest } from '../../domain/meta/status-error.ts';
import type { Pod } from '../../domain/meta/types.ts';
import { pods } from '../../domain/resources/pod.ts';
import { containerNamed } from '../container-named.ts';
import { podLogOptions, type PodLogOptions } from '../pod-log-options.ts';
import type { Verb, VerbContext } from '../verb.ts';
import type { Subresource } from './subresource.ts';

type Entries = NonNullable<Awaited<ReturnType<VerbContext['kubelet']['logs']>>>;

const getLog: Verb = async ({ registry, kubelet, clock }, { key, query, closed }) => {
  const pod = registry.get(pods, key);
  const options = podLogOptions(key.name, query, clock.now());
  const container = containerNamed(pod, options.container);
  const { follow, tailLines, since } = options;
  const range = {
    follow,
    ...(tailLines === undefined ? {} : { tail: tailLines }),
    ...(since === undefined ? {} : { since }),
  };
  const entries = options.previous
    ? await kubelet.previousLogs(pod, container, range, closed())
    : await kubelet.logs(pod, container, range, closed());
  if (entries === undefined) throw options.previous ? noPrevious(pod, container) : notStarted(pod, container);
  return { kind: 'stream', contentType: 'text/plain', pieces: bytes(entries, options) };
};

const noPrevious = (pod: Pod, container: string) =>
  badRequest(`previous terminated container "${container}" in pod "${metaOf(pod).name ?? ''}" not found`);

/** kubernetes pkg/kubelet/kubelet_pods.go validateContainerLogStatus */
function notStarted(pod: Pod, container: string) {
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  const reason = statuses.find(({ name }) => name === container)?.state?.waiting?.reason;
  const name = metaOf(pod).name ?? '';
  return badRequest(
    reason === undefined
      ? `container "${container}" in pod "${name}" is not available`
      : `container "${container}" in pod "${name}" is waiting to start: ${reason}`,
  );
}

/** The lines as the client asked for them, up to its limit, which may fall inside a line. */
async function* bytes(
  entries: Entries,
  { timestamps, stream, limitBytes = Infinity }: PodLogOptions,
): AsyncGenerator<Uint8Array> {
  let left = limitBytes;
  for await (const entry of entries) {
    if (stream !== 'All' && stream.toLowerCase() !== entry.stream) continue;
    const prefix = timestamps ? [Buffer.from(`${entry.timestamp} `)] : [];
    const line = Buffer.concat([...prefix, entry.line, lineFeed]);
    yield left < line.length ? line.subarray(0, left) : line;
    left -= line.length;
    if (left <= 0) return;
  }
}

const lineFeed = Buffer.from('\n');

export const log: Subresource = {
  name: 'log',
  servedFor: ({ group, plural }) => group === pods.group && plural === pods.plural,
  verbs: { get: getLog },
  isText: true,
};
