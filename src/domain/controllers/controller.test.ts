import { expect, test, vi } from 'vitest';
import { formatKey, keyOf } from '../meta/object-key.ts';
import type { ConfigMap } from '../meta/types.ts';
import { openTestRegistry, silentLogger } from '../registry/registry-fixture.ts';
import { configMaps } from '../resources/config-map.ts';
import { runController, source } from './controller.ts';

const configMap = (name: string): ConfigMap => ({ metadata: { name, namespace: 'default' } });

test('everything that exists is reconciled, then everything that changes, until the signal', async () => {
  const registry = await openTestRegistry();
  await registry.create(configMaps, configMap('old'));
  const stop = new AbortController();
  const seen: string[] = [];
  const ended = runController({
    name: 'test',
    registry,
    logger: silentLogger,
    sources: [source(configMaps, ({ object }) => [formatKey(keyOf(object))])],
    reconcile: async (key) => void seen.push(key),
    signal: stop.signal,
    concurrency: 1,
  });
  await vi.waitFor(() => expect(seen).toEqual(['default/old']));
  await registry.create(configMaps, configMap('new'));
  await vi.waitFor(() => expect(seen).toEqual(['default/old', 'default/new']));
  await registry.delete(configMaps, { namespace: 'default', name: 'old' });
  await vi.waitFor(() => expect(seen).toEqual(['default/old', 'default/new', 'default/old']));
  stop.abort();
  await ended;
  await registry.create(configMaps, configMap('late'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toHaveLength(3);
});

test('a failure is logged with its key and tried again', async () => {
  const registry = await openTestRegistry();
  await registry.create(configMaps, configMap('a'));
  const stop = new AbortController();
  const warn = vi.fn<(fields: object, message: string) => void>();
  let runs = 0;
  const ended = runController({
    name: 'test',
    registry,
    logger: { ...silentLogger, warn },
    sources: [source(configMaps, ({ object }) => [formatKey(keyOf(object))])],
    reconcile: async () => {
      runs += 1;
      if (runs === 1) throw new Error('broken');
    },
    signal: stop.signal,
    concurrency: 1,
  });
  await vi.waitFor(() => expect(runs).toBe(2));
  expect(warn).toHaveBeenCalledWith(
    expect.objectContaining({ controller: 'test', key: 'default/a' }),
    expect.any(String),
  );
  stop.abort();
  await ended;
});

test('a change that is not understood is logged, and neither its writer nor later changes suffer', async () => {
  const registry = await openTestRegistry();
  const stop = new AbortController();
  const error = vi.fn<(fields: object, message: string) => void>();
  const seen: string[] = [];
  const ended = runController({
    name: 'test',
    registry,
    logger: { ...silentLogger, error },
    sources: [
      source(configMaps, ({ object }) => {
        if (object.metadata?.name === 'odd') throw new TypeError('odd');
        return [formatKey(keyOf(object))];
      }),
    ],
    reconcile: async (key) => void seen.push(key),
    signal: stop.signal,
    concurrency: 1,
  });
  await registry.create(configMaps, configMap('odd'));
  await registry.create(configMaps, configMap('even'));
  await vi.waitFor(() => expect(seen).toEqual(['default/even']));
  expect(error).toHaveBeenCalledWith(
    expect.objectContaining({ controller: 'test', object: 'odd' }),
    expect.any(String),
  );
  stop.abort();
  await ended;
});
