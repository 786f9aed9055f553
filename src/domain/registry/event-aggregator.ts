import type { Clock } from '../meta/clock.ts';
import type { Event } from '../meta/types.ts';
import { eventObject } from './event-object.ts';
import { textHash } from './text-hash.ts';

/** client-go tools/record/events_cache.go: from the tenth message on, within ten minutes after the one before. */
const maxMessages = 10;
const intervalMs = 600_000;
/** client-go remembers 4096; a device has a few dozen objects, and no event is lost by forgetting. */
const rememberedKinds = 256;

/** What is to be stored of an event; those of one identity are counted as one. */
export type Aggregated = { identity: string; message: string };

/**
 * Tells similar events, which differ in their message only, as one: whose message changes all the time (client-go EventAggregator with
 * EventAggregatorByReasonFunc). Remembers hashes of messages.
 */
export class EventAggregator {
  readonly #clock: Clock;
  readonly #recent = new Map<string, { messages: Set<string>; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  aggregate(event: Event): Aggregated {
    const { type, reason, message = '', involvedObject } = event;
    const similar = textHash([eventObject(event), type, reason]);
    const same = textHash([similar, involvedObject.fieldPath, message]);
    const now = this.#clock.now().getTime();
    const before = this.#recent.get(similar);
    const messages = before && now - before.at <= intervalMs ? before.messages : new Set<string>();
    messages.add(textHash([message]));
    this.#remember(similar, { messages, at: now });
    if (messages.size < maxMessages) return { identity: same, message };
    messages.delete(messages.values().next().value!);
    return { identity: similar, message: `(combined from similar events): ${message}` };
  }

  #remember(similar: string, recent: { messages: Set<string>; at: number }): void {
    this.#recent.delete(similar);
    this.#recent.set(similar, recent);
    if (this.#recent.size > rememberedKinds) this.#recent.delete(this.#recent.keys().next().value!);
  }
}
