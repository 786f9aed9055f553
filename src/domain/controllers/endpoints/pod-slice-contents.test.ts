import { describe, expect, test } from 'vitest';
import type { EndpointSlice, Pod, Service } from '../../meta/types.ts';
import { planEndpointSlices as planSlices } from './endpoint-slices-plan.ts';
import { endpointSubsets } from './endpoint-subsets.ts';
import { controllerReference } from '../owner-references.ts';
import { podSliceContents } from './pod-slice-contents.ts';
import { services } from '../../resources/service.ts';

type Traits = {
  ip?: string | undefined;
  ready?: boolean;
  phase?: string;
  deleted?: boolean;
  ports?: { name: string; containerPort: number; protocol?: string }[];
  hostname?: string;
  subdomain?: string;
};

const pod = (name: string, { ready = true, phase = 'Running', ...t }: Traits = {}): Pod => {
  const ip = 'ip' in t ? t.ip : `10.88.0.${name.charCodeAt(0)}`;
  return {
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      ...(t.deleted ? { deletionTimestamp: '2026-03-01T10:00:00Z' } : {}),
    },
    spec: {
      nodeName: 'plc-1',
      containers: [{ name: 'web', ports: t.ports ?? [{ name: 'http', containerPort: 8080 }] }],
      ...(t.hostname === undefined ? {} : { hostname: t.hostname }),
      ...(t.subdomain === undefined ? {} : { subdomain: t.subdomain }),
    },
    status: {
      phase,
      ...(ip === undefined ? {} : { podIP: ip, podIPs: [{ ip }] }),
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  };
};

type Spec = NonNullable<Service['spec']>;

const service = (spec: Partial<Spec> = {}): Service => ({
  metadata: { name: 'web', namespace: 'default', uid: 's' },
  spec: {
    selector: { app: 'web' },
    clusterIP: '10.43.0.9',
    ipFamilies: ['IPv4'],
    ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
    ...spec,
  },
});

const planEndpointSlices = (svc: Service, pods: Pod[], standing: EndpointSlice[]) =>
  planSlices(
    { service: svc, managedBy: 'endpointslice-controller.k8s.io', owner: controllerReference(services, svc) },
    podSliceContents(svc, pods),
    standing,
  );

const slices = (svc: Service, pods: Pod[]) => planEndpointSlices(svc, pods, []).create;
const endpointsIn = (svc: Service, pods: Pod[]) => slices(svc, pods).flatMap(({ endpoints }) => endpoints ?? []);

describe('which pods, in which condition', () => {
  const cases: [what: string, traits: Traits, spec: Partial<Spec>, conditions: object | undefined, older: string][] = [
    ['a ready pod', {}, {}, { ready: true, serving: true, terminating: false }, 'ready'],
    ['one that is not ready', { ready: false }, {}, { ready: false, serving: false, terminating: false }, 'notReady'],
    [
      'not ready but published',
      { ready: false },
      { publishNotReadyAddresses: true },
      { ready: true, serving: false, terminating: false },
      'ready',
    ],
    [
      'being deleted but still serving',
      { deleted: true },
      {},
      { ready: false, serving: true, terminating: true },
      'none',
    ],
    [
      'being deleted, published',
      { deleted: true, ready: false },
      { publishNotReadyAddresses: true },
      { ready: true, serving: false, terminating: true },
      'ready',
    ],
    ['without an address', { ip: undefined }, {}, undefined, 'none'],
    ['with an address of another family', { ip: 'fd00::1' }, {}, undefined, 'none'],
    ['ended well', { phase: 'Succeeded' }, { publishNotReadyAddresses: true }, undefined, 'none'],
    ['ended badly', { phase: 'Failed' }, {}, undefined, 'none'],
  ];
  test.each(cases)('%s', (_what, traits, spec, conditions, older) => {
    const [endpoint, ...more] = endpointsIn(service(spec), [pod('a', traits)]);
    expect(more).toEqual([]);
    expect(endpoint?.conditions).toEqual(conditions);
    const [subset] = endpointSubsets(service(spec), [pod('a', traits)]);
    const found = subset?.addresses ? 'ready' : subset?.notReadyAddresses ? 'notReady' : 'none';
    expect(found).toBe(older);
  });
});

test('an endpoint names its pod, its node and its host name in the subdomain of the Service', () => {
  const named = pod('a', { hostname: 'db-0', subdomain: 'web' });
  expect(endpointsIn(service(), [named, pod('b', { hostname: 'db-1', subdomain: 'other' })])).toEqual([
    {
      addresses: ['10.88.0.97'],
      conditions: { ready: true, serving: true, terminating: false },
      hostname: 'db-0',
      nodeName: 'plc-1',
      targetRef: { kind: 'Pod', namespace: 'default', name: 'a', uid: 'uid-a' },
    },
    {
      addresses: ['10.88.0.98'],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: 'plc-1',
      targetRef: { kind: 'Pod', namespace: 'default', name: 'b', uid: 'uid-b' },
    },
  ]);
});

test('a slice carries the labels of its Service and belongs to it', () => {
  const labelled = {
    ...service({ clusterIP: 'None' }),
    metadata: { ...service().metadata, labels: { team: 'plant' } },
  };
  expect(slices(labelled, [])[0]).toMatchObject({
    metadata: {
      generateName: 'web-',
      namespace: 'default',
      labels: {
        team: 'plant',
        'kubernetes.io/service-name': 'web',
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        'service.kubernetes.io/headless': '',
      },
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Service', name: 'web', uid: 's', controller: true, blockOwnerDeletion: true },
      ],
    },
  });
});

describe('ports', () => {
  const portsOf = (spec: Partial<Spec>, traits: Traits = {}) =>
    slices(service(spec), [pod('a', traits)]).map(({ ports }) => ports);

  test('by number, by name, by name and protocol, and not at all', () => {
    const dns = [
      { name: 'dns', containerPort: 53, protocol: 'TCP' },
      { name: 'dns', containerPort: 5353, protocol: 'UDP' },
    ];
    expect(portsOf({ ports: [{ port: 80, targetPort: 8000 }] })).toEqual([[{ name: '', port: 8000, protocol: 'TCP' }]]);
    expect(portsOf({ ports: [{ name: 'http', port: 80, targetPort: 'http', appProtocol: 'h2c' }] })).toEqual([
      [{ name: 'http', port: 8080, protocol: 'TCP', appProtocol: 'h2c' }],
    ]);
    expect(portsOf({ ports: [{ name: 'd', port: 53, targetPort: 'dns', protocol: 'UDP' }] }, { ports: dns })).toEqual([
      [{ name: 'd', port: 5353, protocol: 'UDP' }],
    ]);
    expect(portsOf({ ports: [{ port: 80, targetPort: 'nowhere' }] })).toEqual([[]]);
    expect(portsOf({ ports: [] })).toEqual([[]]);
  });

  test('pods that resolve a name differently do not share a slice', () => {
    const pods = [pod('a'), pod('b', { ports: [{ name: 'http', containerPort: 9090 }] }), pod('c')];
    expect(slices(service(), pods).map(({ ports, endpoints }) => [ports?.[0]?.port, endpoints?.length])).toEqual([
      [8080, 2],
      [9090, 1],
    ]);
    expect(
      endpointSubsets(service(), pods).map(({ ports, addresses }) => [
        ports?.[0]?.port,
        addresses?.map(({ ip }) => ip),
      ]),
    ).toEqual([
      [8080, ['10.88.0.97', '10.88.0.99']],
      [9090, ['10.88.0.98']],
    ]);
  });

  test('the older form puts ports of the same addresses together', () => {
    const both = [
      { name: 'http', port: 80, targetPort: 'http' },
      { name: 'metrics', port: 9000, targetPort: 'metrics' },
    ];
    const two = [
      { name: 'http', containerPort: 8080 },
      { name: 'metrics', containerPort: 9100 },
    ];
    const subsets = endpointSubsets(service({ ports: both }), [pod('a', { ports: two }), pod('b', { ports: two })]);
    expect(subsets).toMatchObject([
      { addresses: [{ ip: '10.88.0.97' }, { ip: '10.88.0.98' }], ports: [{ port: 8080 }, { port: 9100 }] },
    ]);
    expect(subsets).toHaveLength(1);
    expect(endpointSubsets(service({ ports: both }), [pod('a', { ports: two }), pod('b')])).toHaveLength(2);
    expect(endpointSubsets(service({ ports: [], clusterIP: 'None' }), [pod('a')])).toEqual([
      { addresses: [expect.objectContaining({ ip: '10.88.0.97' })] },
    ]);
  });
});

describe('slices keep their place', () => {
  const many = Array.from({ length: 250 }, (_, i) => pod(`p${i}`, { ip: `10.88.1.${i}` }));
  const standing = (count: number) =>
    slices(service(), many.slice(0, count)).map((slice, i) => ({
      ...slice,
      metadata: { ...slice.metadata, name: `web-${i}` },
    }));
  const shape = ({ create, update, remove }: ReturnType<typeof planEndpointSlices>) => ({
    create: create.map(({ endpoints }) => endpoints?.length),
    update: update.map(({ metadata, endpoints }) => [metadata?.name, endpoints?.length]),
    remove: remove.map(({ metadata }) => metadata?.name),
  });

  test('a hundred endpoints a slice', () => {
    expect(shape(planEndpointSlices(service(), many, []))).toEqual({ create: [100, 100, 50], update: [], remove: [] });
  });

  test('growing fills, shrinking removes', () => {
    expect(shape(planEndpointSlices(service(), many, standing(150)))).toEqual({
      create: [50],
      update: [
        ['web-0', 100],
        ['web-1', 100],
      ],
      remove: [],
    });
    expect(shape(planEndpointSlices(service(), many.slice(0, 3), standing(150)))).toEqual({
      create: [],
      update: [['web-0', 3]],
      remove: ['web-1'],
    });
  });

  test('without pods one empty slice stays', () => {
    expect(shape(planEndpointSlices(service(), [], standing(1)))).toEqual({
      create: [],
      update: [['web-0', 0]],
      remove: [],
    });
  });
});
