import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { events } from '../resources/event.ts';
import { namespaces } from '../resources/namespace.ts';
import { expireEvents } from './event-expiry.ts';
import { openTestRegistry, silentLogger } from './registry-fixture.ts';

const minutes = 60_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

async function setUp() {
  const registry = await openTestRegistry();
  await registry.create(namespaces, { metadata: { name: 'shop' } });
  const abort = new AbortController();
  expireEvents(registry, silentLogger, abort.signal);
  const create = (name: string) =>
    registry.create(events, { metadata: { name, namespace: 'shop' }, involvedObject: { namespace: 'shop' } });
  const names = () => registry.all(events).map(({ metadata }) => metadata.name);
  return { registry, abort, create, names };
}

it('removes an event an hour after it was last written', async () => {
  const { registry, create, names } = await setUp();
  await create('once');
  await create('again');
  await vi.advanceTimersByTimeAsync(30 * minutes);
  await registry.update(events, { namespace: 'shop', name: 'again' }, (event) => ({ ...event, count: 2 }));
  await vi.advanceTimersByTimeAsync(29 * minutes);
  expect(names()).toEqual(['again', 'once']);
  await vi.advanceTimersByTimeAsync(2 * minutes);
  expect(names()).toEqual(['again']);
  await vi.advanceTimersByTimeAsync(30 * minutes);
  expect(names()).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

it('times nothing when nothing is there, or nobody is', async () => {
  const { registry, abort, create, names } = await setUp();
  expect(vi.getTimerCount()).toBe(0);
  await create('once');
  expect(vi.getTimerCount()).toBe(1);
  await registry.delete(events, { namespace: 'shop', name: 'once' });
  await create('other');
  abort.abort();
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(120 * minutes);
  expect(names()).toEqual(['other']);
});
