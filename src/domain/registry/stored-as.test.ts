import { beforeEach, describe, expect, it } from 'vitest';
import type { Event, EventsV1Event } from '../meta/types.ts';
import type { ChangeEvent } from '../meta/watch-event.ts';
import { events } from '../resources/event.ts';
import { eventsV1Events } from '../resources/events-v1-event.ts';
import { openTestRegistry } from './registry-fixture.ts';
import type { Registry } from './registry.ts';

const key = { namespace: 'default', name: 'web.1' };

const old: Event = {
  metadata: key,
  involvedObject: { kind: 'Pod', name: 'web', namespace: 'default' },
  reason: 'Started',
  message: 'Started container',
  source: { component: 'kubelet' },
  type: 'Normal',
  count: 3,
  firstTimestamp: '2026-01-02T00:00:00Z',
};

const young: EventsV1Event = {
  metadata: key,
  regarding: { kind: 'Pod', name: 'web', namespace: 'default' },
  reason: 'Started',
  note: 'Started container',
  type: 'Normal',
  action: 'Starting',
  eventTime: '2026-01-02T00:00:00.000000Z',
  reportingController: 'acme.io/runner',
  reportingInstance: 'runner-1',
};

let registry: Registry;
beforeEach(async () => {
  registry = await openTestRegistry();
});

describe('what one resource stores', () => {
  it('is read in the words of the other', async () => {
    const stored = await registry.create(events, old);
    const expected = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: stored.metadata,
      eventTime: null,
      regarding: old.involvedObject,
      reason: 'Started',
      note: 'Started container',
      deprecatedSource: { component: 'kubelet' },
      type: 'Normal',
      deprecatedCount: 3,
      deprecatedFirstTimestamp: '2026-01-02T00:00:00Z',
    };
    expect(registry.get(eventsV1Events, key)).toEqual(expected);
    expect(registry.all(eventsV1Events, 'default')).toEqual([expected]);
    expect(registry.allAt(eventsV1Events, registry.resourceVersion)).toEqual([expected]);
    expect(registry.changesAfter(eventsV1Events, 0)).toMatchObject([{ type: 'ADDED', object: expected }]);
  });

  it('is written in the words of the other', async () => {
    await registry.create(eventsV1Events, young);
    expect(registry.get(events, key)).toMatchObject({
      apiVersion: 'v1',
      message: 'Started container',
      involvedObject: young.regarding,
      reportingComponent: 'acme.io/runner',
    });
    const series = { count: 2, lastObservedTime: '2026-01-02T00:01:00.000000Z' };
    await registry.update(eventsV1Events, key, (event) => ({ ...event, series }));
    expect(registry.get(events, key).series).toEqual(series);
    const { object, removed } = await registry.delete(eventsV1Events, key);
    expect(removed).toBe(true);
    expect(object.note).toBe('Started container');
    expect(registry.find(events, key)).toBeUndefined();
  });

  it('is told to listeners of both', async () => {
    const heard: ChangeEvent<EventsV1Event>[] = [];
    const stop = registry.subscribe(eventsV1Events, (event) => heard.push(event));
    await registry.create(events, old);
    await registry.update(events, key, (event) => ({ ...event, count: 4 }));
    stop();
    await registry.delete(events, key);
    expect(heard).toMatchObject([
      { type: 'ADDED', object: { deprecatedCount: 3 } },
      { type: 'MODIFIED', object: { deprecatedCount: 4 }, previous: { deprecatedCount: 3 } },
    ]);
  });

  it('does not change by being written as it was read', async () => {
    const { metadata } = await registry.create(events, old);
    await registry.update(eventsV1Events, key, (event) => ({ ...event }));
    expect(registry.get(events, key).metadata).toEqual(metadata);
  });
});

describe('the rules of the other writing', () => {
  const creating = (event: EventsV1Event) => registry.create(eventsV1Events, event).then(() => '', String);

  it.each<[Partial<EventsV1Event>, string]>([
    [{}, ''],
    [{ eventTime: null as unknown as string }, 'eventTime: Required value'],
    [{ type: 'Bad' }, 'type: Invalid value: "": has invalid value: Bad'],
    [{ deprecatedCount: 1 }, 'count: Invalid value: "": needs to be unset'],
    [{ reportingController: '' }, 'reportingController: Required value'],
    [{ action: '' }, 'action: Required value'],
    [{ note: 'x'.repeat(1025) }, 'message: Invalid value: "": can have at most 1024 characters'],
    [
      { regarding: { kind: 'Node' }, metadata: { ...key, namespace: 'plant' } },
      'involvedObject.namespace: Invalid value: "": does not match event.namespace',
    ],
  ])('%j', async (change, message) => expect(await creating({ ...young, ...change })).toContain(message));

  it('are that only the series changes', async () => {
    await registry.create(eventsV1Events, young);
    const changed = registry.update(eventsV1Events, key, (event) => ({ ...event, note: 'else' }));
    await expect(changed).rejects.toThrow('message: Invalid value: "else": field is immutable');
  });
});
