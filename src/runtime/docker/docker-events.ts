import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';
import type { RuntimeEvent } from '../../domain/container-runtime/runtime-event.ts';
import type { DockerEngine } from './docker-engine.ts';
import { toRuntimeError } from './docker-error.ts';
import { jsonLines } from '../wire/json-lines.ts';
import { callersLabels } from './labels.ts';

/** What Docker calls what the port tells. Everything else stays away at the source: health probes alone would flood the stream. */
const actions = new Map<string, RuntimeEvent['action']>([
  ['create', 'created'],
  ['start', 'started'],
  ['die', 'exited'],
  ['pause', 'paused'],
  ['unpause', 'unpaused'],
  ['update', 'updated'],
  ['rename', 'updated'],
  ['destroy', 'removed'],
  ['oom', 'oom'],
]);

type DockerEvent = { Action: string; timeNano: number; Actor: { ID: string; Attributes: Record<string, string> } };

export async function* dockerEvents(
  engine: DockerEngine,
  signal: AbortSignal,
  since?: Date,
): AsyncGenerator<{ action: 'connected' } | RuntimeEvent> {
  const filters = { type: ['container' as const], event: [...actions.keys()] };
  // Of the last 256 events of all kinds (moby daemon/events/events.go).
  const replayed = since && { since: since.getTime() / 1000 };
  const stream = await engine.open(
    (docker, abortSignal) => docker.getEvents({ filters, abortSignal, ...replayed }),
    signal,
  );
  if (signal.aborted) return;
  yield { action: 'connected' };
  try {
    for await (const line of jsonLines(stream)) {
      const event = runtimeEvent(line as DockerEvent);
      if (event) yield event;
    }
  } catch (cause) {
    throw cause instanceof SyntaxError
      ? new RuntimeError('Unavailable', `events: ${cause.message}`, { cause })
      : toRuntimeError(cause);
  }
  if (!signal.aborted) throw new RuntimeError('Unavailable', 'Docker ended the stream of events');
}

function runtimeEvent({ Action, Actor, timeNano }: DockerEvent): RuntimeEvent | undefined {
  const action = actions.get(Action);
  if (!action) return undefined;
  const { exitCode } = Actor.Attributes;
  return {
    action,
    containerId: Actor.ID,
    labels: labelsOf(Actor.Attributes),
    time: new Date(timeNano / 1e6),
    ...(action === 'exited' && exitCode !== undefined && { exitCode: Number(exitCode) }),
  };
}

/** Docker mixes its own attributes of an event with the container's labels (moby daemon/events.go). */
function labelsOf(attributes: Record<string, string>): RuntimeEvent['labels'] {
  const {
    image: _image,
    name: _name,
    oldName: _oldName,
    exitCode: _exitCode,
    execDuration: _duration,
    ...labels
  } = attributes;
  return callersLabels(labels);
}
