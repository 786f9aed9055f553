import { expect, test } from 'vitest';
import type { EndpointSlice, Pod, Service } from '../meta/types.ts';
import { hostsFile } from './hosts-file.ts';

const pod = (spec: Partial<Pod['spec']> = {}): Pod => ({
  metadata: { name: 'web-1', namespace: 'plant' },
  spec: { containers: [], ...spec },
});
const service = (namespace: string, name: string, clusterIP: string): Service => ({
  metadata: { namespace, name },
  spec: { clusterIP },
});
const file = (input: { pod?: Pod; services?: Service[]; endpointSlices?: EndpointSlice[] }) =>
  hostsFile({ pod: pod(), ip: '10.42.0.5', hostname: 'web-1', services: [], endpointSlices: [], ...input });

const head = `# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
`;

test('as the kubelet writes it', () => {
  expect(file({})).toBe(`${head}10.42.0.5\tweb-1\n`);
  const hostAliases = [{ ip: '192.168.1.5', hostnames: ['plc', 'plc.plant'] }];
  expect(file({ pod: pod({ subdomain: 'web', hostAliases }) })).toBe(`${head}\
10.42.0.5\tweb-1.web.plant.svc.cluster.local\tweb-1

# Entries added by HostAliases.
192.168.1.5\tplc\tplc.plant
`);
});

test('names all Services, those of the pod’s own namespace also by the short name', () => {
  const external: Service = { metadata: { namespace: 'plant', name: 'x' }, spec: { type: 'ExternalName' } };
  const services = [service('plant', 'mqtt', '10.43.0.9'), service('default', 'kubernetes', '10.43.0.1'), external];
  expect(file({ services })).toBe(`${head}10.42.0.5\tweb-1

# Services.
10.43.0.1\tkubernetes.default.svc.cluster.local\tkubernetes.default.svc\tkubernetes.default
10.43.0.9\tmqtt.plant.svc.cluster.local\tmqtt.plant.svc\tmqtt.plant\tmqtt
`);
});

test('a headless Service is its ready endpoints, each by its own name too; other people’s text adds no lines', () => {
  const slice: EndpointSlice = {
    metadata: { namespace: 'plant', name: 'db-1', labels: { 'kubernetes.io/service-name': 'db' } },
    addressType: 'IPv4',
    endpoints: [
      { addresses: ['10.42.0.7'], hostname: 'db-0' },
      { addresses: ['10.42.0.8'], conditions: { ready: false } },
      { addresses: ['10.42.0.9'], hostname: 'x\n6.6.6.6 github.com' },
      { addresses: ['6.6.6.6 github.com\n'] },
    ],
  };
  const text = file({ services: [service('plant', 'db', 'None')], endpointSlices: [slice, slice] });
  expect(text.split('# Services.\n')[1]).toBe(`\
10.42.0.7\tdb.plant.svc.cluster.local\tdb.plant.svc\tdb.plant\tdb
10.42.0.7\tdb-0.db.plant.svc.cluster.local\tdb-0.db.plant.svc\tdb-0.db.plant\tdb-0.db
10.42.0.9\tdb.plant.svc.cluster.local\tdb.plant.svc\tdb.plant\tdb
`);
});

test('no line is longer than what musl reads', () => {
  const hostnames = Array.from({ length: 100 }, (_, index) => `machine-${index}.line-4.plant.example`);
  const long = 'n'.repeat(63);
  const text = file({
    pod: {
      metadata: { name: 'web-1', namespace: long },
      spec: { containers: [], hostAliases: [{ ip: '192.168.1.5', hostnames }] },
    },
    services: [service(long, long, '10.43.200.200')],
  });
  expect(Math.max(...text.split('\n').map((line) => line.length + 1))).toBeLessThan(512);
  for (const name of [...hostnames, `${long}.${long}.svc.cluster.local`])
    expect(text).toMatch(new RegExp(`\\t${name}[\\t\\n]`));
});
