import { toTime, type Clock } from '../meta/clock.ts';
import type { Logger } from '../meta/logger.ts';
import { metaOf, type ObjectKey } from '../meta/object-key.ts';
import { isAlreadyExists, isNotFound } from '../meta/status-error.ts';
import type { Event, KubernetesObject } from '../meta/types.ts';
import { events } from '../resources/event.ts';
import { EventSpamFilter } from './event-spam-filter.ts';
import type { Registry } from './registry.ts';

export type EventType = 'Normal' | 'Warning';

export type EventRecorder = {
  /**
   * Tells users what happened to an object. Answers at once and never throws: an event that cannot be stored is logged and lost.
   * The same object, type, reason and message again counts the stored event up. `fieldPath` names the part that is meant
   * (`spec.containers{web}`).
   */
  event(object: KubernetesObject, type: EventType, reason: string, message: string, fieldPath?: string): void;
};

export type EventRecorderOptions = { component: string; host?: string; clock: Clock; logger: Logger };

/** Stored events that may still be counted up; older ones start a new event. */
const rememberedEvents = 512;
/** Events that wait for the registry; a registry this slow has other troubles. */
const maxWaiting = 256;
/** events.k8s.io/v1 Event.note: at most 1 kB. */
const maxMessageLength = 1024;

/** Aggregates as client-go's EventCorrelator does (tools/record/events_cache.go), without its grouping of similar messages. */
export function eventRecorder(registry: Registry, options: EventRecorderOptions): EventRecorder {
  const known = new Map<string, ObjectKey>();
  const spam = new EventSpamFilter(options.clock);
  let tail = Promise.resolve();
  let waiting = 0;
  let serial = 0;

  const remember = (text: string, key: ObjectKey) => {
    known.delete(text);
    known.set(text, key);
    if (known.size > rememberedEvents) known.delete(known.keys().next().value!);
  };

  const countUp = async (key: ObjectKey): Promise<boolean> => {
    const lastTimestamp = toTime(options.clock.now());
    try {
      await registry.update(events, key, (e) => ({ ...e, count: (e.count ?? 1) + 1, lastTimestamp }));
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  };

  const store = async (event: Event): Promise<void> => {
    const identity = identityOf(event);
    const key = known.get(identity);
    if (key === undefined || !(await countUp(key))) {
      const created = await createNamed(registry, event, () => nextSuffix(options.clock, serial++));
      remember(identity, { namespace: created.metadata.namespace!, name: created.metadata.name! });
    } else {
      remember(identity, key);
    }
  };

  return {
    event(object, type, reason, message, fieldPath) {
      const event = newEvent(object, { type, reason, message, fieldPath }, options);
      if (waiting >= maxWaiting || !spam.allows(objectText(event))) return;
      waiting += 1;
      tail = tail
        .then(() => store(event))
        .catch((error: unknown) =>
          options.logger.debug({ err: error, reason, object: objectText(event) }, 'an event was not stored'),
        )
        .finally(() => (waiting -= 1));
    },
  };
}

type Happening = { type: EventType; reason: string; message: string; fieldPath: string | undefined };

/** Events of cluster-scoped objects live in `default` (client-go tools/record/event.go makeEvent). */
function newEvent(object: KubernetesObject, happening: Happening, options: EventRecorderOptions): Event {
  const { name = '', namespace, uid, resourceVersion } = metaOf(object);
  const now = toTime(options.clock.now());
  return {
    metadata: { name, namespace: namespace ?? 'default' },
    involvedObject: {
      ...(object.apiVersion === undefined ? {} : { apiVersion: object.apiVersion }),
      ...(object.kind === undefined ? {} : { kind: object.kind }),
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(happening.fieldPath === undefined ? {} : { fieldPath: happening.fieldPath }),
    },
    type: happening.type,
    reason: happening.reason,
    message: happening.message.slice(0, maxMessageLength),
    source: { component: options.component, ...(options.host === undefined ? {} : { host: options.host }) },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
    reportingComponent: options.component,
    reportingInstance: options.host ?? '',
  };
}

const objectText = ({ involvedObject: o }: Event): string => [o.kind, o.namespace, o.name, o.uid].join('/');

const identityOf = (event: Event): string =>
  JSON.stringify([objectText(event), event.involvedObject.fieldPath, event.type, event.reason, event.message]);

/** `<object>.<hex of nanoseconds>` (client-go tools/record/event.go); the counter stands for what JavaScript's clock lacks. */
const nextSuffix = (clock: Clock, serial: number): string =>
  (BigInt(clock.now().getTime()) * 1_000_000n + BigInt(serial % 1_000_000)).toString(16);

/** A clock that was set back may repeat a name, so a few are tried. */
async function createNamed(registry: Registry, event: Event, suffix: () => string, attempts = 3): Promise<Event> {
  const base = (event.involvedObject.name ?? '').slice(0, 253 - 17);
  try {
    return await registry.create(events, {
      ...event,
      metadata: { ...event.metadata, name: `${base}.${suffix()}` },
    });
  } catch (error) {
    if (attempts > 1 && isAlreadyExists(error)) return createNamed(registry, event, suffix, attempts - 1);
    throw error;
  }
}
