import { StatusError, tooLargeResourceVersion, type Status } from '../../domain/meta/status-error.ts';
import type { KubernetesObject } from '../../domain/meta/types.ts';
import { changeWithin, selectAll, type Selection } from '../../domain/registry/selection.ts';
import { apiVersionOf, type ResourceDefinition } from '../../domain/resources/resource-definition.ts';
import { changeStream } from '../change-stream.ts';
import { listOptions, type ListOptions } from '../list-options.ts';
import type { Presentation } from '../presentation.ts';
import type { Call, Verb, VerbContext } from '../verb.ts';
import { selectionOf } from './list.ts';

/** apiserver pkg/storage/cacher: about one bookmark a minute. */
const bookmarkInterval = 60_000;

/** Seconds, times one to two, so that watchers do not all come back at once (apiserver --min-request-timeout). */
const defaultTimeoutSeconds = 1800;

/** The longest timeout that a timer can hold: some 24 days. */
const maxTimeoutSeconds = 2_000_000;

/** Kubernetes' own clients ask for YAML nowhere; lines of a stream are JSON. */
export const watch: Verb = ({ registry, random }, call) => {
  const options = listOptions(call.query, true);
  const selection = selectionOf(call, options);
  const wanted = options.resourceVersion ?? 0;
  if (wanted > registry.resourceVersion && options.sendInitialEvents) {
    throw tooLargeResourceVersion(wanted, registry.resourceVersion);
  }
  return {
    kind: 'stream',
    contentType: 'application/json',
    pieces: lines({ registry, random }, call, selection, options),
  };
};

/** A watch from nowhere begins with what there is (apimachinery pkg/apis/meta/internalversion/defaults.go). */
const startsWithState = ({ sendInitialEvents, resourceVersion }: ListOptions): boolean =>
  sendInitialEvents ?? (resourceVersion === undefined || resourceVersion === 0);

async function* lines(
  { registry, random }: Pick<VerbContext, 'registry' | 'random'>,
  { definition, presentation, closed }: Call,
  selection: Selection,
  options: ListOptions,
): AsyncGenerator<string> {
  const line = eventLine(presentation);
  const withState = startsWithState(options);
  const since = withState || !options.resourceVersion ? registry.resourceVersion : options.resourceVersion;
  if (withState) {
    for (const object of selectAll(registry, definition, selection)) yield line('ADDED', object);
    if (options.allowWatchBookmarks) yield line('BOOKMARK', bookmark(definition, since, initialEventsEnd));
  }
  const seconds = Math.min(options.timeoutSeconds ?? defaultTimeoutSeconds * (1 + random()), maxTimeoutSeconds);
  const timing = {
    since,
    duration: seconds * 1000,
    bookmarkInterval: options.allowWatchBookmarks ? bookmarkInterval : undefined,
  };
  try {
    for await (const event of changeStream(registry, definition, timing, closed())) {
      if (event.type === 'BOOKMARK') {
        yield line('BOOKMARK', bookmark(definition, event.resourceVersion));
      } else {
        const change = changeWithin(selection, event);
        if (change) yield line(change.type, change.object);
      }
    }
  } catch (error) {
    // The headers are out; what is wrong goes into the stream (apiserver pkg/endpoints/handlers/watch.go).
    if (!(error instanceof StatusError)) throw error;
    yield errorLine(error.status);
  }
}

const initialEventsEnd = { annotations: { 'k8s.io/initial-events-end': 'true' } };

const bookmark = (definition: ResourceDefinition, version: number, marks: object = {}): KubernetesObject => ({
  kind: definition.kind,
  apiVersion: apiVersionOf(definition),
  metadata: { resourceVersion: String(version), ...marks },
});

const eventLine = (presentation: Presentation) => (type: string, object: KubernetesObject) =>
  lineOf(type, presentation.event(object, type === 'BOOKMARK'));

let latest: { type: string; object: unknown; line: string } | undefined;

/** Watchers wake one after the other in the same tick: a change that many see alike is written once. Kept no longer than that. */
function lineOf(type: string, object: unknown): string {
  if (latest?.object === object && latest?.type === type) return latest.line;
  if (latest === undefined) setImmediate(() => (latest = undefined));
  latest = { type, object, line: `${JSON.stringify({ type, object })}\n` };
  return latest.line;
}

const errorLine = (status: Status): string => `${JSON.stringify({ type: 'ERROR', object: status })}\n`;
