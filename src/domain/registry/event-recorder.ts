import { toTime, type Clock } from '../meta/clock.ts';
import type { Logger } from '../meta/logger.ts';
import { metaOf, type ObjectKey } from '../meta/object-key.ts';
import { isAlreadyExists, isNotFound } from '../meta/status-error.ts';
import type { Event, KubernetesObject } from '../meta/types.ts';
import { events } from '../resources/event.ts';
import { EventAggregator } from './event-aggregator.ts';
import { eventObject } from './event-object.ts';
import { EventSpamFilter } from './event-spam-filter.ts';
import type { Registry } from './registry.ts';

export type EventType = 'Normal' | 'Warning';

export type EventRecorder = {
  /**
   * Tells users what happened to an object. Answers at once and never throws: an event that cannot be stored is logged and lost.
   * The same object, type, reason and message again counts the stored event up; from the tenth message on that differs they are one event.
   * `fieldPath` names the part that is meant (`spec.containers{web}`).
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

/** Where an event is stored, and how often it was told since without being stored. */
type Told = { key?: ObjectKey; heldBack: number };

/** Counts, aggregates and holds back as client-go's EventCorrelator does (tools/record/events_cache.go). */
export function eventRecorder(registry: Registry, options: EventRecorderOptions): EventRecorder {
  const told = new Map<string, Told>();
  const aggregator = new EventAggregator(options.clock);
  const spam = new EventSpamFilter(options.clock);
  let tail = Promise.resolve();
  let waiting = 0;
  let serial = 0;

  const remember = (identity: string, next: Told): void => {
    told.delete(identity);
    told.set(identity, next);
    if (told.size > rememberedEvents) told.delete(told.keys().next().value!);
  };

  const holdBack = (identity: string): void => {
    const before = told.get(identity) ?? { heldBack: 0 };
    remember(identity, { ...before, heldBack: before.heldBack + 1 });
  };

  const countUp = async (key: ObjectKey, by: number, { message, lastTimestamp }: Event): Promise<boolean> => {
    try {
      await registry.update(events, key, (e) => ({
        ...e,
        ...(message !== undefined && { message }),
        ...(lastTimestamp !== undefined && { lastTimestamp }),
        count: (e.count ?? 1) + by,
      }));
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  };

  /** What was held back meanwhile is counted with the next. */
  const settle = (identity: string, key: ObjectKey, counted: number): void => {
    const heldBack = Math.max(0, (told.get(identity)?.heldBack ?? 0) - counted);
    remember(identity, { key, heldBack });
  };

  const store = async (identity: string, event: Event): Promise<void> => {
    const { key, heldBack } = told.get(identity) ?? { heldBack: 0 };
    if (key !== undefined && (await countUp(key, heldBack + 1, event))) return settle(identity, key, heldBack);
    const count = key === undefined ? heldBack + 1 : 1;
    const { metadata } = await createNamed(registry, { ...event, count }, () => nextSuffix(options.clock, serial++));
    settle(identity, { namespace: metadata.namespace!, name: metadata.name! }, heldBack);
  };

  return {
    event(object, type, reason, message, fieldPath) {
      const single = newEvent(object, { type, reason, message, fieldPath }, options);
      const { identity, message: shown } = aggregator.aggregate(single);
      const event = { ...single, message: shown.slice(0, maxMessageLength) };
      if (waiting >= maxWaiting || !spam.allows(eventObject(event))) return holdBack(identity);
      waiting += 1;
      tail = tail
        .then(() => store(identity, event))
        .catch((error: unknown) =>
          options.logger.debug({ err: error, reason, object: eventObject(event) }, 'an event was not stored'),
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
