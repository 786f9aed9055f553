import { expect, test } from 'vitest';
import { admissionChain } from '../domain/admission/chain.ts';
import { systemClock } from '../domain/meta/clock.ts';
import { Registry } from '../domain/registry/registry.ts';
import { configMaps } from '../domain/resources/config-map.ts';
import { secrets } from '../domain/resources/secret.ts';
import { changeStream } from './change-stream.ts';

const openRegistry = () =>
  Registry.open({
    catalog: [configMaps, secrets],
    admission: admissionChain([]),
    clock: systemClock,
    random: Math.random,
    history: 5,
    store: {
      async *load() {},
      put: async () => {},
      remove: async () => {},
      resourceVersionBound: async () => 0,
      raiseResourceVersionBound: async () => {},
    },
  });
const key = { namespace: 'default', name: 'a' };
const minute = 60_000;

test('bookmarks tell of versions that other kinds have used', async () => {
  const registry = await openRegistry();
  const closed = new AbortController();
  const options = { since: 0, bookmarkInterval: 5, duration: minute };
  const stream = changeStream(registry, configMaps, options, closed.signal);
  await registry.create(configMaps, { metadata: key });
  await registry.create(secrets, { metadata: key });
  expect((await stream.next()).value).toMatchObject({ type: 'ADDED', resourceVersion: 1 });
  expect((await stream.next()).value).toEqual({ type: 'BOOKMARK', resourceVersion: 2 });
  closed.abort();
  expect((await stream.next()).done).toBe(true);
});

test('a bookmark never runs ahead of changes that are still to be told', async () => {
  const registry = await openRegistry();
  const closed = new AbortController();
  const options = { since: 0, bookmarkInterval: 1, duration: minute };
  const stream = changeStream(registry, configMaps, options, closed.signal);
  const first = stream.next();
  for (const name of ['a', 'b', 'c']) await registry.create(configMaps, { metadata: { ...key, name } });
  await first;
  // The reader is busy for some ticks of the bookmark timer.
  await new Promise((resolve) => setTimeout(resolve, 10));
  const versions = [await stream.next(), await stream.next(), await stream.next()].map(({ value }) => value);
  expect(versions.map((event) => event && [event.type, event.resourceVersion])).toEqual([
    ['ADDED', 2],
    ['ADDED', 3],
    ['BOOKMARK', 3],
  ]);
  await stream.return(undefined);
});

test('who is left behind by the history is told so', async () => {
  const registry = await openRegistry();
  const options = { since: 0, bookmarkInterval: undefined, duration: minute };
  const stream = changeStream(registry, configMaps, options, new AbortController().signal);
  for (let i = 0; i < 7; i++) await registry.create(configMaps, { metadata: { ...key, name: `c${i}` } });
  await expect(stream.next()).rejects.toThrow('too old resource version: 0 (2)');
});

test('the end comes in time', async () => {
  const registry = await openRegistry();
  const options = { since: 0, bookmarkInterval: undefined, duration: 10 };
  const stream = changeStream(registry, configMaps, options, new AbortController().signal);
  // The stream's timers do not keep a process alive; this one does.
  const alive = setInterval(() => undefined, minute);
  expect((await stream.next()).done).toBe(true);
  clearInterval(alive);
});
