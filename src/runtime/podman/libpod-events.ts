import type { RuntimeEvent } from '../../domain/container-runtime/runtime-event.ts';
import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';
import { jsonLines } from '../wire/json-lines.ts';
import type { LibpodClient } from './libpod-client.ts';

type LibpodEvent = {
  Action: string;
  timeNano: number;
  Actor: { ID: string; Attributes?: Record<string, string> | null };
};

/** Podman's own words (podman libpod/events/config.go). Everything else stays away at the source: health probes alone would flood the stream. */
const actionOf: Partial<Record<string, RuntimeEvent['action']>> = {
  create: 'created',
  start: 'started',
  died: 'exited',
  // Only now is it certain that no restart follows.
  cleanup: 'exited',
  pause: 'paused',
  unpause: 'unpaused',
  rename: 'updated',
  update: 'updated',
  remove: 'removed',
  oom: 'oom',
};

const filters = JSON.stringify({ type: ['container'], event: Object.keys(actionOf) });

/** What Podman puts among a container's labels. */
const notLabels = new Set(['containerExitCode', 'image', 'name', 'podId']);

export async function* libpodEvents(
  client: LibpodClient,
  signal: AbortSignal,
  // The engine answers before it looks at its event log: without `since` what happens in between would be lost. One millisecond on: nothing from before the call.
  since = new Date(Date.now() + 1),
): AsyncIterable<{ action: 'connected' } | RuntimeEvent> {
  if (signal.aborted) return;
  const query = { stream: true, since: since.getTime() / 1000, filters };
  try {
    const body = await client.stream('GET', '/events', { query, signal });
    yield { action: 'connected' };
    for await (const event of jsonLines<LibpodEvent>(body)) {
      const action = actionOf[event.Action];
      if (action) yield { action, containerId: event.Actor.ID, labels: labelsOf(event), ...whenAndHow(event) };
    }
  } catch (error) {
    if (signal.aborted) return;
    throw error;
  }
  // Podman 4.3 does so whenever the file that it logs events to has grown to 1 MB and is turned over (podman libpod/events/logfile.go).
  if (!signal.aborted) throw new RuntimeError('Unavailable', 'Podman has ended its stream of events');
}

/** Every event has an exit code, only that of `died` is one. */
const whenAndHow = ({ Action, Actor: { Attributes }, timeNano }: LibpodEvent) => ({
  time: new Date(timeNano / 1e6),
  ...(Action === 'died' && { exitCode: Number(Attributes?.['containerExitCode'] ?? 0) }),
});

const labelsOf = ({ Actor: { Attributes } }: LibpodEvent): Record<string, string> =>
  Object.fromEntries(Object.entries(Attributes ?? {}).filter(([key]) => !notLabels.has(key)));
