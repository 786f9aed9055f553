import { expect, it } from 'vitest';
import type { EndpointSlice, Service } from '../meta/types.ts';
import { memoryObjectStore, openTestRegistry } from '../registry/registry-fixture.ts';
import { endpointSlices } from '../resources/endpoint-slice.ts';
import { services } from '../resources/service.ts';
import { resolveService } from './resolve-service.ts';

const slice = (...endpoints: NonNullable<EndpointSlice['endpoints']>): EndpointSlice => ({
  metadata: { name: 'hook-1', namespace: 'plant', labels: { 'kubernetes.io/service-name': 'hook' } },
  addressType: 'IPv4',
  endpoints,
  ports: [{ name: 'https', port: 8443, protocol: 'TCP' }],
});
const ready = (address: string) => ({ addresses: [address], conditions: { ready: true } });

async function resolve(spec: Service['spec'], port: number, slices: EndpointSlice[] = [], random = 0) {
  const registry = await openTestRegistry({ store: memoryObjectStore() });
  await registry.create(services, { metadata: { name: 'hook', namespace: 'plant' }, ...(spec ? { spec } : {}) });
  for (const one of slices) await registry.create(endpointSlices, one);
  return resolveService(registry, { namespace: 'plant', name: 'hook', port }, () => random);
}

const spec = {
  clusterIP: '10.43.0.9',
  clusterIPs: ['10.43.0.9'],
  ports: [{ name: 'https', port: 443, targetPort: 8443 }],
};

it('a Service is one of its ready endpoints', async () => {
  const both = slice(ready('10.42.0.7'), ready('10.42.0.8'), {
    addresses: ['10.42.0.6'],
    conditions: { ready: false },
  });
  expect(await resolve(spec, 443, [both])).toEqual({ kind: 'resolved', host: '10.42.0.7', port: 8443 });
  expect(await resolve(spec, 443, [both], 0.99)).toEqual({ kind: 'resolved', host: '10.42.0.8', port: 8443 });
});

it('of which nothing is known yet, the kernel finds one', async () =>
  expect(await resolve(spec, 443)).toEqual({ kind: 'resolved', host: '10.43.0.9', port: 443 }));

it('may be a name elsewhere', async () =>
  expect(await resolve({ type: 'ExternalName', externalName: 'hook.plant.example' }, 9443)).toEqual({
    kind: 'resolved',
    host: 'hook.plant.example',
    port: 9443,
  }));

it.each<[string, Service['spec'], number, EndpointSlice[]]>([
  ['no endpoints available for service "hook"', spec, 443, [slice()]],
  ['no endpoints available for service "hook"', { ...spec, clusterIP: 'None', clusterIPs: ['None'] }, 443, []],
  ['no service port 80 found for service "hook"', spec, 80, []],
])('%s', async (reason, service, port, slices) =>
  expect(await resolve(service, port, slices)).toEqual({ kind: 'unresolved', reason }),
);

it('may not be there at all', async () =>
  expect(resolveService(await openTestRegistry(), { namespace: 'plant', name: 'hook', port: 443 }, () => 0)).toEqual({
    kind: 'unresolved',
    reason: 'service "hook" not found',
  }));
