import { describe, expect, test } from 'vitest';
import { metaOf } from '../../meta/object-key.ts';
import type { Pod, Service } from '../../meta/types.ts';
import { catalog as builtIn } from '../../resources/catalog.ts';
import { ResourceCatalog } from '../../resources/resource-catalog.ts';
import { endpointSlices } from '../../resources/endpoint-slice.ts';
import { endpoints } from '../../resources/endpoints.ts';
import { pods } from '../../resources/pod.ts';
import { services } from '../../resources/service.ts';
import { startApiEndpointsController } from './api-endpoints-controller.ts';
import { startEndpointSliceMirroringController } from './endpointslice-mirroring-controller.ts';
import { startEndpointSliceController } from './endpointslice-controller.ts';
import { startEndpointsController } from './endpoints-controller.ts';
import { startGarbageCollector } from '../garbage/garbage-collector.ts';
import { startFakeKubelet, type PodOutcome } from '../fake-kubelet.ts';
import { namesOf, quiet, settles, testCluster } from '../test-cluster.ts';

const catalog = new ResourceCatalog(builtIn);

const key = { namespace: 'default', name: 'web' };

const web = (name: string, labels: Record<string, string> = { app: 'web' }): Pod => ({
  metadata: { name, namespace: 'default', labels },
  spec: { containers: [{ name: 'web', image: 'web:1' }] },
});

const service = (spec: Partial<NonNullable<Service['spec']>> = { selector: { app: 'web' } }): Service => ({
  metadata: key,
  spec: {
    clusterIP: '10.43.0.9',
    clusterIPs: ['10.43.0.9'],
    ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }],
    ...spec,
  },
});

async function setUp() {
  const cluster = await testCluster();
  const { registry } = cluster;
  const outcomes = new Map<string, PodOutcome>();
  let mayGo = true;
  void startEndpointSliceController(cluster);
  void startEndpointsController(cluster);
  void startFakeKubelet({
    ...cluster,
    outcome: (pod) => outcomes.get(metaOf(pod).name ?? '') ?? 'ready',
    mayGo: () => mayGo,
  });
  const slices = () => registry.all(endpointSlices, 'default');
  /** `name` or, not ready, `!name`: as slices and as Endpoints have it. */
  const behind = () =>
    slices()
      .flatMap(({ endpoints: each = [] }) => each)
      .map(({ targetRef, conditions }) => `${conditions?.ready ? '' : '!'}${targetRef?.name}`);
  const older = () =>
    (registry.find(endpoints, key)?.subsets ?? []).flatMap(({ addresses = [], notReadyAddresses = [] }) => [
      ...addresses.map(({ targetRef }) => targetRef?.name ?? ''),
      ...notReadyAddresses.map(({ targetRef }) => `!${targetRef?.name}`),
    ]);
  const both = (expected: string[]) =>
    settles(() => {
      expect(behind()).toEqual(expected);
      expect(older().toSorted()).toEqual(expected.toSorted());
    });
  const relabel = (name: string, labels: Record<string, string>) =>
    registry.update(pods, { namespace: 'default', name }, (pod) => ({ ...pod, metadata: { ...metaOf(pod), labels } }));
  const become = (name: string, outcome: PodOutcome) => {
    outcomes.set(name, outcome);
    return relabel(name, { ...metaOf(registry.get(pods, { namespace: 'default', name })).labels, turn: outcome });
  };
  return { ...cluster, slices, behind, older, both, relabel, become, hold: () => (mayGo = false) };
}

test('pods come and go, get ready and not, match and not, before and after the Service', async () => {
  const { registry, both, relabel, become } = await setUp();
  await registry.create(pods, web('a'));
  await registry.create(pods, web('other', { app: 'db' }));
  await registry.create(services, service());
  await both(['a']);
  await registry.create(pods, web('b'));
  await both(['a', 'b']);
  await become('a', 'running');
  await both(['!a', 'b']);
  await become('a', 'ready');
  await both(['a', 'b']);
  await relabel('b', { app: 'debugged' });
  await both(['a']);
  await become('a', 'failed');
  await both([]);
  await relabel('b', { app: 'web' });
  await both(['b']);
  await registry.delete(pods, { namespace: 'default', name: 'b' });
  await both([]);
});

test('a pod that is being deleted still serves in the slice, not in the older form', async () => {
  const { registry, both, hold, slices, older } = await setUp();
  await registry.create(services, service());
  await registry.create(pods, web('a'));
  await both(['a']);
  hold();
  await registry.delete(pods, { namespace: 'default', name: 'a' });
  await settles(() => expect(older()).toEqual([]));
  await settles(() =>
    expect(slices()[0]?.endpoints?.[0]?.conditions).toEqual({ ready: false, serving: true, terminating: true }),
  );
});

test('a changed selector or port changes the endpoints, a removed selector removes them', async () => {
  const { registry, both, slices } = await setUp();
  await registry.create(pods, web('a'));
  await registry.create(pods, web('d', { app: 'db' }));
  await registry.create(services, service());
  await both(['a']);
  const change = (spec: Partial<NonNullable<Service['spec']>>) =>
    registry.update(services, key, (current) => ({ ...current, spec: { ...current.spec, ...spec } }));
  await change({ selector: { app: 'db' } });
  await both(['d']);
  await change({ ports: [{ port: 80, targetPort: 9090, protocol: 'TCP' }] });
  await settles(() => expect(slices()[0]?.ports).toEqual([{ name: '', port: 9090, protocol: 'TCP' }]));
  await settles(() =>
    expect(registry.get(endpoints, key).subsets?.[0]?.ports).toEqual([{ port: 9090, protocol: 'TCP' }]),
  );
  await registry.update(services, key, (current) => {
    const { selector: _gone, ...spec } = current.spec!;
    return { ...current, spec };
  });
  await settles(() => expect(slices()).toEqual([]));
  await settles(() => expect(registry.find(endpoints, key)).toBeUndefined());
});

test('what somebody deletes or changes by hand is made right again', async () => {
  const { registry, both, slices } = await setUp();
  await registry.create(services, service());
  await registry.create(pods, web('a'));
  await both(['a']);
  const [slice] = namesOf(slices());
  await registry.update(endpointSlices, { namespace: 'default', name: slice! }, (current) => ({
    ...current,
    endpoints: [],
  }));
  await registry.update(endpoints, key, ({ subsets: _gone, ...current }) => current);
  await both(['a']);
  await registry.delete(endpointSlices, { namespace: 'default', name: slice! });
  await registry.delete(endpoints, key);
  await both(['a']);
});

test('a Service that goes takes its endpoints along', async () => {
  const { registry, both, slices } = await setUp();
  await registry.create(services, service());
  await registry.create(pods, web('a'));
  await both(['a']);
  await registry.delete(services, key);
  await settles(() => expect(slices()).toEqual([]));
  await settles(() => expect(registry.all(endpoints)).toEqual([]));
});

describe('what others wrote is theirs', () => {
  test('endpoints of a Service without selector', async () => {
    const cluster = await setUp();
    const { registry, slices } = cluster;
    const subsets = [{ addresses: [{ ip: '192.168.7.5' }], ports: [{ port: 502, protocol: 'TCP' }] }];
    await registry.create(endpoints, { metadata: key, subsets });
    await registry.create(endpointSlices, {
      metadata: { name: 'plc', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['192.168.7.5'] }],
    });
    await quiet(cluster);
    await registry.create(services, service({}));
    await quiet(cluster);
    await registry.delete(services, key);
    await quiet(cluster);
    expect(registry.get(endpoints, key).subsets).toEqual(subsets);
    expect(namesOf(slices())).toEqual(['plc']);
  });

  test('an ExternalName has none, whatever its selector', async () => {
    const cluster = await setUp();
    await cluster.registry.create(pods, web('a'));
    await cluster.registry.create(services, {
      metadata: key,
      spec: { type: 'ExternalName', externalName: 'plc.example.com', selector: { app: 'web' } },
    });
    await quiet(cluster);
    expect(cluster.slices()).toEqual([]);
  });
});

test('nothing is written when nothing changes', async () => {
  const cluster = await setUp();
  const { registry, both } = cluster;
  await registry.create(services, service());
  await registry.create(pods, web('a'));
  await both(['a']);
  await quiet(cluster);
  const before = registry.resourceVersion;
  void startEndpointSliceController(cluster);
  void startEndpointsController(cluster);
  await quiet(cluster);
  expect(registry.resourceVersion).toBe(before);
});

describe('Endpoints written by hand', () => {
  const plc = { addresses: [{ ip: '192.168.7.5' }], ports: [{ port: 502, protocol: 'TCP' }] };

  test('become slices, change with them and go with them', async () => {
    const cluster = await setUp();
    const { registry, slices } = cluster;
    void startEndpointSliceMirroringController(cluster);
    void startGarbageCollector({ ...cluster, catalog });
    await registry.create(endpoints, { metadata: key, subsets: [plc] });
    await quiet(cluster);
    expect(slices()).toEqual([]);
    await registry.create(services, service({}));
    await settles(() => expect(slices()).toHaveLength(1));
    expect(slices()[0]).toMatchObject({
      metadata: {
        labels: {
          'kubernetes.io/service-name': 'web',
          'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
        },
        ownerReferences: [{ kind: 'Endpoints', name: 'web', controller: true }],
      },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['192.168.7.5'], conditions: { ready: true } }],
      ports: [{ name: '', port: 502, protocol: 'TCP' }],
    });
    await registry.update(endpoints, key, (current) => ({
      ...current,
      subsets: [{ ...plc, addresses: [], notReadyAddresses: [{ ip: '192.168.7.6' }] }],
    }));
    await settles(() =>
      expect(slices()[0]?.endpoints).toEqual([{ addresses: ['192.168.7.6'], conditions: { ready: false } }]),
    );
    await registry.delete(endpoints, key);
    await settles(() => expect(slices()).toEqual([]));
  });

  test('are left alone when they are a lock, have slices of their own, or belong to a selector', async () => {
    const cluster = await setUp();
    const { registry, slices } = cluster;
    void startEndpointSliceMirroringController(cluster);
    await registry.create(services, service({}));
    await registry.create(endpoints, {
      metadata: { ...key, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
      subsets: [plc],
    });
    await quiet(cluster);
    expect(slices()).toEqual([]);
    await registry.update(endpoints, key, (current) => ({
      ...current,
      metadata: { ...metaOf(current), labels: {}, annotations: { 'control-plane.alpha.kubernetes.io/leader': '{}' } },
    }));
    await quiet(cluster);
    expect(slices()).toEqual([]);
    await registry.update(endpoints, key, (current) => ({
      ...current,
      metadata: { ...metaOf(current), annotations: {} },
    }));
    await settles(() => expect(slices()).toHaveLength(1));
    await registry.update(services, key, (current) => ({
      ...current,
      spec: { ...current.spec, selector: { app: 'web' } },
    }));
    await settles(() =>
      expect(slices().map(({ metadata }) => metadata?.labels?.['endpointslice.kubernetes.io/managed-by'])).toEqual([
        'endpointslice-controller.k8s.io',
      ]),
    );
  });
});

test('the Service kubernetes leads to the API, wherever the host is now', async () => {
  const cluster = await testCluster();
  const { registry } = cluster;
  const api = { namespace: 'default', name: 'kubernetes' };
  let addresses = ['192.168.7.2', 'fd00::2'];
  void startEndpointSliceController(cluster);
  void startEndpointsController(cluster);
  void startApiEndpointsController({ ...cluster, addresses: () => addresses, port: 6443 });
  const apiService: Service = {
    metadata: api,
    spec: { clusterIP: '10.43.0.1', clusterIPs: ['10.43.0.1'], ports: [{ name: 'https', port: 443, protocol: 'TCP' }] },
  };
  await registry.create(services, apiService);
  const ports = [{ name: 'https', port: 6443, protocol: 'TCP' }];
  await settles(() =>
    expect(registry.find(endpoints, api)).toMatchObject({ subsets: [{ addresses: [{ ip: '192.168.7.2' }], ports }] }),
  );
  await settles(() =>
    expect(registry.find(endpointSlices, api)).toMatchObject({
      metadata: { labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['192.168.7.2'], conditions: { ready: true } }],
      ports,
    }),
  );
  addresses = ['192.168.9.9'];
  await registry.delete(endpoints, api);
  await settles(() => expect(registry.find(endpoints, api)?.subsets?.[0]?.addresses).toEqual([{ ip: '192.168.9.9' }]));
  await settles(() => expect(registry.get(endpointSlices, api).endpoints?.[0]?.addresses).toEqual(['192.168.9.9']));
});
