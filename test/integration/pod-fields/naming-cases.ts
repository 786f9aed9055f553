import { readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { eventually } from '../../conformance/runtime/eventually.ts';
import type { TestEngine } from '../engines.ts';
import { BUSYBOX, busybox, pod as podObject, STAY } from '../pods.ts';
import type { FieldCase } from './field-case.ts';
import { SeenPod } from './seen-pod.ts';

const tells = (script: string, fields: object = {}): object => ({
  restartPolicy: 'Never',
  containers: [busybox(script)],
  ...fields,
});

/** A container with the hosts file it is given, and one that may bring its own. */
const ofHosts = (spec: object, mount?: object): object => ({
  restartPolicy: 'Never',
  volumes: [{ name: 'own', hostPath: { path: '/etc/hosts', type: 'File' } }],
  containers: ['main', 'mounts'].map((name) => ({
    name,
    image: BUSYBOX,
    command: ['cat', '/etc/hosts'],
    ...(mount && name === 'mounts' ? { volumeMounts: [mount] } : {}),
  })),
  ...spec,
});

/** Both engines may have their case at the same time. */
const HOST_PORT = { docker: 16_987, podman: 16_988 } as const;

/** What a pod is called, whom it knows by name, and what it shares. */
export const namingCases = (engine: TestEngine): readonly FieldCase[] => [
  {
    field: 'spec.hostname',
    spec: tells('hostname', { hostname: 'plc-7' }),
    shows: async (pod) => expect(await pod.log()).toBe('plc-7'),
  },
  {
    field: 'spec.subdomain',
    spec: tells('hostname; grep plc-8 /etc/hosts', { hostname: 'plc-8', subdomain: 'line' }),
    shows: async (pod) =>
      expect(await pod.log()).toMatch(/^plc-8\n\S+\tplc-8\.line\.[a-z-]+\.svc\.cluster\.local\tplc-8$/),
  },
  {
    field: 'spec.setHostnameAsFQDN',
    spec: tells('hostname', { hostname: 'p', subdomain: 'l', setHostnameAsFQDN: true }),
    shows: async (pod) => expect(await pod.log()).toMatch(/^p\.l\.[a-z-]+\.svc\.cluster\.local$/),
  },
  {
    field: 'spec.hostAliases',
    spec: tells('cat /etc/hosts', { hostAliases: [{ ip: '192.0.2.7', hostnames: ['plc', 'plc.plant'] }] }),
    shows: async (pod) => {
      const hosts = await pod.log();
      expect(hosts).toMatch(/^# Kubernetes-managed hosts file\.\n127\.0\.0\.1\tlocalhost\n/);
      expect(hosts).toContain('\n# Entries added by HostAliases.\n192.0.2.7\tplc\tplc.plant');
    },
  },
  {
    field: 'spec.hostNetwork (and /etc/hosts)',
    objects: [podObject('hosts-of-host', ofHosts({ hostNetwork: true }))],
    spec: ofHosts({}, { name: 'own', mountPath: '/etc/hosts' }),
    shows: async (pod) => {
      const managed = /^# Kubernetes-managed hosts file\.$/m;
      expect(await pod.log()).toMatch(managed);
      expect(await pod.log('mounts')).not.toMatch(managed);
      const other = new SeenPod('hosts-of-host', pod.engine, pod.kubectl);
      await other.until('has run', ({ status }) => status?.phase === 'Succeeded');
      expect(await other.log()).not.toMatch(managed);
      await pod.kubectl.run('delete pod hosts-of-host --wait=false');
    },
  },
  {
    field: 'spec.dnsPolicy (None)',
    spec: tells('cat /etc/resolv.conf', {
      dnsPolicy: 'None',
      dnsConfig: { nameservers: ['192.0.2.53'], searches: ['plant.example'], options: [{ name: 'ndots', value: '2' }] },
    }),
    shows: async (pod) => expect(await pod.log()).toBe('search plant.example\nnameserver 192.0.2.53\noptions ndots:2'),
  },
  {
    field: 'spec.dnsConfig (added to the rest)',
    spec: tells('cat /etc/resolv.conf', {
      dnsConfig: { searches: ['plant.example'], options: [{ name: 'ndots', value: '3' }] },
    }),
    shows: async (pod) => {
      const text = await pod.log();
      expect(text).toMatch(/^search plant\.example/m);
      expect(text).toMatch(/^options .*ndots:3/m);
      expect(text).toMatch(/^nameserver /m);
    },
  },
  {
    field: 'spec.shareProcessNamespace',
    spec: {
      shareProcessNamespace: true,
      containers: [
        busybox(`until ps | grep -q '[s]leep 4321'; do sleep 0.2; done; echo seen; ${STAY}`),
        { ...busybox('sleep 4321'), name: 'other' },
      ],
    },
    until: 'Running',
    shows: async (pod) => void (await pod.untilLog('seen')),
  },
  {
    field: 'spec.hostNetwork',
    spec: tells('ls /sys/class/net', { hostNetwork: true }),
    shows: async (pod) => {
      const { status } = await pod.object();
      expect(status?.podIP).toBe(status?.hostIP);
      expect((await pod.log()).split('\n').length).toBeGreaterThan(2);
    },
  },
  {
    field: 'spec.hostPID',
    spec: tells('readlink /proc/self/ns/pid', { hostPID: true }),
    shows: async (pod) => expect(await pod.log()).toBe(readlinkSync('/proc/self/ns/pid')),
  },
  {
    field: 'spec.hostIPC',
    spec: tells('readlink /proc/self/ns/ipc', { hostIPC: true }),
    shows: async (pod) => expect(await pod.log()).toBe(readlinkSync('/proc/self/ns/ipc')),
  },
  {
    field: 'spec.containers.ports.hostPort',
    spec: {
      containers: [
        busybox('exec nc -ll -p 8080 -e echo from the port', {
          ports: [{ containerPort: 8080, hostPort: HOST_PORT[engine.kind], hostIP: '127.0.0.1' }],
        }),
      ],
    },
    until: 'Running',
    shows: async (pod) => {
      const heard = () => text(connect(HOST_PORT[engine.kind], '127.0.0.1')).catch(() => '');
      await eventually(`${pod.name} is heard`, async () => (await heard()).trim() === 'from the port' || undefined);
    },
  },
];
