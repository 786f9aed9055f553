import { expect, onTestFinished, test, vi } from 'vitest';
import { openTestRegistry, silentLogger } from '../registry/registry-fixture.ts';
import { endpointSlices } from '../resources/endpoint-slice.ts';
import { services } from '../resources/service.ts';
import type { Registry } from '../registry/registry.ts';
import type { ServicePlan } from './service-dataplane.ts';
import { runServiceProxy } from './service-proxy.ts';

/** A data plane that remembers what it was told, and fails as long as `broken`. */
async function proxy(prepare: (registry: Registry) => Promise<void> = () => Promise.resolve()) {
  const registry = await openTestRegistry();
  await prepare(registry);
  const plans: ServicePlan[] = [];
  const state = { broken: false, attempts: 0 };
  const dataplane = {
    apply: async (plan: ServicePlan) => {
      state.attempts += 1;
      if (state.broken) throw new Error('the kernel says no');
      plans.push(plan);
    },
    podStarted: () => Promise.resolve(),
    remove: () => Promise.resolve(),
  };
  const stop = new AbortController();
  const ended = runServiceProxy(
    { registry, dataplane, apiTarget: { kind: 'host', port: 6443 }, logger: silentLogger },
    stop.signal,
  );
  onTestFinished(async () => {
    stop.abort();
    await ended;
  });
  return { registry, plans, state };
}

const addService = (registry: Registry, name: string, last: number, selector?: Record<string, string>) =>
  registry.create(services, {
    metadata: { namespace: 'default', name },
    spec: {
      clusterIP: `10.43.0.${last}`,
      clusterIPs: [`10.43.0.${last}`],
      ports: [{ port: 80 }],
      ...(selector ? { selector } : {}),
    },
  });

const addSlice = (registry: Registry, of: string) =>
  registry.create(endpointSlices, {
    metadata: { namespace: 'default', name: `${of}-1`, labels: { 'kubernetes.io/service-name': of } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.42.0.5'] }],
    ports: [{ name: '', port: 8080, protocol: 'TCP' }],
  });

const names = (plan: ServicePlan | undefined) => plan?.ports.map(({ name }) => name);

test('applies at start, and again what changed, a burst at once', async () => {
  const { registry, plans } = await proxy();
  await vi.waitFor(() => expect(plans).toHaveLength(1));
  expect(plans[0]).toEqual({ ports: [] });
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name, index) => addService(registry, name, index + 10)));
  const all = ['a', 'b', 'c', 'd', 'e'].map((name) => `default/${name}:80`);
  await vi.waitFor(() => expect(names(plans.at(-1))).toEqual(all));
  expect(plans.length).toBeLessThan(5);
  const applied = plans.length;
  await registry.update(services, { namespace: 'default', name: 'a' }, (service) => ({
    ...service,
    metadata: { ...service.metadata, labels: { tier: 'x' } },
  }));
  await addSlice(registry, 'a');
  await vi.waitFor(() =>
    expect(plans.at(-1)?.ports[0]?.target).toMatchObject({ endpoints: [{ ip: '10.42.0.5', port: 8080 }] }),
  );
  expect(plans.length, 'labels change nothing in the kernel').toBe(applied + 1);
});

test('what the kernel has from the last run stays until all slices are known again', async () => {
  const { registry, plans } = await proxy(async (empty) => {
    await addService(empty, 'web', 10, { app: 'web' });
    await addService(empty, 'db', 11, { app: 'db' });
  });
  await addSlice(registry, 'web');
  await addService(registry, 'manual', 12);
  expect(plans).toHaveLength(0);
  await addSlice(registry, 'db');
  await vi.waitFor(() => expect(plans).toHaveLength(1));
  expect(names(plans[0])).toEqual(['default/db:80', 'default/manual:80', 'default/web:80']);
});

test('tries again what failed', async () => {
  const { registry, plans, state } = await proxy();
  await vi.waitFor(() => expect(plans).toHaveLength(1));
  state.broken = true;
  await addService(registry, 'web', 10);
  await vi.waitFor(() => expect(state.attempts).toBe(2));
  state.broken = false;
  await vi.waitFor(() => expect(names(plans.at(-1))).toEqual(['default/web:80']));
});
