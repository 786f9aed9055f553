import { expect, test } from 'vitest';
import type { EndpointSlice, Service } from '../meta/types.ts';
import { servicePlan } from './service-plan.ts';

const service = (name: string, spec: Service['spec'], namespace = 'default'): Service => ({
  metadata: { name, namespace },
  spec: { type: 'ClusterIP', ports: [{ port: 80 }], ...spec },
});

type Ports = NonNullable<EndpointSlice['ports']>;
type Endpoints = NonNullable<EndpointSlice['endpoints']>;

const slice = (
  of: string,
  endpoints: Endpoints,
  ports: Ports = [{ name: '', port: 8080, protocol: 'TCP' }],
): EndpointSlice => ({
  metadata: { name: `${of}-1`, namespace: 'default', labels: { 'kubernetes.io/service-name': of } },
  addressType: 'IPv4',
  endpoints,
  ports,
});

const plan = (services: Service[], endpointSlices: EndpointSlice[] = []) =>
  servicePlan({ services, endpointSlices, apiTarget: { kind: 'host', port: 6443 } }).ports;

const endpoints = (...list: [ip: string, port: number][]) => ({
  kind: 'endpoints',
  endpoints: list.map(([ip, port]) => ({ ip, port })),
});

test('each port of a Service goes to the ready endpoints of its slices, by name and protocol', () => {
  const web = service('web', {
    clusterIP: '10.43.0.9',
    type: 'NodePort',
    externalTrafficPolicy: 'Local',
    ports: [
      { name: 'http', port: 80, nodePort: 30080 },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ],
  });
  const ports = [
    { name: 'http', port: 8080, protocol: 'TCP' },
    { name: 'dns', port: 5353, protocol: 'UDP' },
  ];
  const slices = [
    slice('web', [{ addresses: ['10.42.0.7'] }, { addresses: ['10.42.0.5'], conditions: { ready: true } }], ports),
    slice('web', [{ addresses: ['10.42.0.6'], conditions: { ready: false } }, { addresses: ['10.42.0.7'] }], ports),
    slice('other', [{ addresses: ['10.42.0.8'] }], ports),
  ];
  const common = { clusterIP: '10.43.0.9', keepsClientAddress: true };
  expect(plan([web], slices)).toEqual([
    {
      ...common,
      name: 'default/web:http',
      protocol: 'tcp',
      port: 80,
      nodePort: 30080,
      target: endpoints(['10.42.0.5', 8080], ['10.42.0.7', 8080]),
    },
    {
      ...common,
      name: 'default/web:dns',
      protocol: 'udp',
      port: 53,
      target: endpoints(['10.42.0.5', 5353], ['10.42.0.7', 5353]),
    },
  ]);
});

test('while every endpoint terminates, those that still serve are used', () => {
  const leaving = { ready: false, serving: true, terminating: true };
  const gone = { ready: false, serving: false, terminating: true };
  const list = [
    { addresses: ['10.42.0.5'], conditions: leaving },
    { addresses: ['10.42.0.6'], conditions: gone },
  ];
  const web = service('web', { clusterIP: '10.43.0.9' });
  expect(plan([web], [slice('web', list)])[0]?.target).toEqual(endpoints(['10.42.0.5', 8080]));
  const ready = { addresses: ['10.42.0.7'] };
  expect(plan([web], [slice('web', [...list, ready])])[0]?.target).toEqual(endpoints(['10.42.0.7', 8080]));
});

test('names without an address are not planned; a Service without endpoints is, to be refused', () => {
  const services = [
    service('headless', { clusterIP: 'None' }),
    service('external', { type: 'ExternalName', externalName: 'plc.example' }),
    service('pending', {}),
    service('six', { clusterIP: 'fd00::9' }),
    service('empty', { clusterIP: '10.43.0.9', sessionAffinity: 'ClientIP' }),
  ];
  expect(plan(services)).toEqual([
    {
      name: 'default/empty:80',
      protocol: 'tcp',
      clusterIP: '10.43.0.9',
      port: 80,
      affinitySeconds: 10800,
      keepsClientAddress: false,
      target: endpoints(),
    },
  ]);
});

test('the Service of the API leads to the host', () => {
  const api = service('kubernetes', { clusterIP: '10.43.0.1', ports: [{ name: 'https', port: 443 }] });
  expect(plan([api])[0]?.target).toEqual({ kind: 'host', port: 6443 });
  expect(plan([{ ...api, metadata: { name: 'kubernetes', namespace: 'plant' } }])[0]?.target).toEqual(endpoints());
});

test('slices are anybody’s text: nothing but usable addresses and ports becomes a rule', () => {
  const web = service('web', { clusterIP: '10.43.0.9' });
  const addresses = [
    '127.0.0.1',
    '169.254.1.1',
    '224.0.0.1',
    '0.0.0.0',
    'fd00::1',
    '1.2.3.4 } ; flush ruleset',
    '',
    '10.1',
  ];
  const bad = addresses.map((address) => ({ addresses: [address] }));
  expect(plan([web], [slice('web', bad)])[0]?.target).toEqual(endpoints());
  const ports = [{ name: '', port: 70_000, protocol: 'TCP' }];
  expect(plan([web], [slice('web', [{ addresses: ['10.42.0.5'] }], ports)])[0]?.target).toEqual(endpoints());
  expect(plan([web], [{ ...slice('web', [{ addresses: ['192.168.1.5'] }]) }])[0]?.target).toEqual(
    endpoints(['192.168.1.5', 8080]),
  );
});

test('two that claim one address or node port do not spoil the rest', () => {
  const node = (name: string, clusterIP: string) =>
    service(name, { clusterIP, type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] });
  const planned = plan([node('b', '10.43.0.9'), node('a', '10.43.0.9'), node('c', '10.43.0.10')]);
  expect(planned.map(({ name, nodePort }) => [name, nodePort])).toEqual([
    ['default/a:80', 30080],
    ['default/c:80', undefined],
  ]);
});
