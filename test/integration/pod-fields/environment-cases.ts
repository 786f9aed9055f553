import { expect } from 'vitest';
import { BUSYBOX } from '../pods.ts';
import type { FieldCase } from './field-case.ts';

const runs = (script: string, fields: object, more: object = {}) => ({
  restartPolicy: 'Never',
  ...more,
  containers: [{ name: 'main', image: BUSYBOX, command: ['sh', '-c', script], ...fields }],
});

const fieldRef = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
const resourceRef = (name: string, resource: string, divisor?: string) => ({
  name,
  valueFrom: { resourceFieldRef: { resource, ...(divisor ? { divisor } : {}) } },
});

const settings = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { color: 'blue', 'dotted.key': 'kept' },
});
const keys = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  stringData: { password: 'hush', token: 't' },
});

/** Where variables come from. */
export const environmentCases: readonly FieldCase[] = [
  {
    field: 'spec.containers.env.valueFrom.fieldRef',
    metadata: { labels: { line: 'four' }, annotations: { 'plant/site': 'north' } },
    spec: runs('env', {
      env: [
        fieldRef('NAME', 'metadata.name'),
        fieldRef('NAMESPACE', 'metadata.namespace'),
        fieldRef('OWN_UID', 'metadata.uid'),
        fieldRef('LINE', "metadata.labels['line']"),
        fieldRef('SITE', "metadata.annotations['plant/site']"),
        fieldRef('NODE', 'spec.nodeName'),
        fieldRef('ACCOUNT', 'spec.serviceAccountName'),
        fieldRef('POD_IP', 'status.podIP'),
        fieldRef('POD_IPS', 'status.podIPs'),
        fieldRef('HOST_IP', 'status.hostIP'),
        fieldRef('HOST_IPS', 'status.hostIPs'),
      ],
    }),
    shows: async (pod) => {
      const { metadata, spec, status } = await pod.object();
      const lines = (await pod.log()).split('\n');
      const expected = {
        NAME: pod.name,
        NAMESPACE: metadata?.namespace,
        OWN_UID: metadata?.uid,
        LINE: 'four',
        SITE: 'north',
        NODE: spec?.nodeName,
        ACCOUNT: 'default',
        POD_IP: status?.podIP,
        POD_IPS: status?.podIP,
        HOST_IP: status?.hostIP,
        HOST_IPS: status?.hostIP,
      };
      expect(lines).toEqual(expect.arrayContaining(Object.entries(expected).map(([key, value]) => `${key}=${value}`)));
    },
  },
  {
    field: 'spec.containers.env.valueFrom.resourceFieldRef',
    spec: runs('env', {
      resources: { requests: { cpu: '100m', memory: '16Mi' }, limits: { cpu: '1500m', memory: '32Mi' } },
      env: [
        resourceRef('CPU', 'limits.cpu'),
        resourceRef('CPU_MILLIS', 'limits.cpu', '1m'),
        resourceRef('CPU_ASKED', 'requests.cpu', '1m'),
        resourceRef('MEMORY', 'limits.memory', '1Mi'),
        resourceRef('MEMORY_ASKED', 'requests.memory'),
      ],
    }),
    shows: async (pod) =>
      expect((await pod.log()).split('\n')).toEqual(
        expect.arrayContaining(['CPU=2', 'CPU_MILLIS=1500', 'CPU_ASKED=100', 'MEMORY=32', 'MEMORY_ASKED=16777216']),
      ),
  },
  {
    field: 'spec.containers.env.valueFrom.resourceFieldRef (without limits)',
    spec: runs('echo "$CPU"; echo "$MEMORY"', {
      env: [resourceRef('CPU', 'limits.cpu', '1m'), resourceRef('MEMORY', 'limits.memory')],
    }),
    shows: async (pod) => {
      const [cpu, memory] = (await pod.log()).split('\n');
      const path = '{.items[0].status.allocatable.cpu} {.items[0].status.allocatable.memory}';
      const [cores, bytes] = (await pod.kubectl.run(['get', 'nodes', '-o', `jsonpath=${path}`])).split(' ');
      expect(Number(cpu)).toBe(Number(cores) * 1000);
      expect(`${Number(memory) / 1024}Ki`).toBe(bytes);
    },
  },
  {
    field: 'spec.containers.envFrom',
    objects: [settings('env-all'), keys('env-all')],
    spec: runs('', {
      // A shell drops what is no name of its own.
      command: ['env'],
      envFrom: [
        { configMapRef: { name: 'env-all' }, prefix: 'CFG_' },
        { secretRef: { name: 'env-all' } },
        { secretRef: { name: 'env-all' }, prefix: 'p-' },
        { configMapRef: { name: 'not-there', optional: true } },
      ],
      env: [{ name: 'token', value: 'own' }],
    }),
    shows: async (pod) => {
      const lines = (await pod.log()).split('\n');
      expect(lines).toEqual(
        expect.arrayContaining([
          'CFG_color=blue',
          'CFG_dotted.key=kept',
          'password=hush',
          'p-password=hush',
          'token=own',
        ]),
      );
    },
  },
  {
    field: 'spec.containers.env.valueFrom.configMapKeyRef',
    objects: [settings('env-one'), keys('env-one')],
    spec: runs('env; echo "then ${GONE-nothing}"', {
      env: [
        { name: 'COLOR', valueFrom: { configMapKeyRef: { name: 'env-one', key: 'color' } } },
        { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'env-one', key: 'password' } } },
        { name: 'GONE', valueFrom: { configMapKeyRef: { name: 'env-one', key: 'none', optional: true } } },
        { name: 'BOTH', value: '$(COLOR) and $(PASSWORD), not $(LATER) nor $$(COLOR)' },
        { name: 'LATER', value: 'too late' },
      ],
    }),
    shows: async (pod) => {
      const lines = (await pod.log()).split('\n');
      expect(lines).toEqual(expect.arrayContaining(['BOTH=blue and hush, not $(LATER) nor $(COLOR)', 'then nothing']));
    },
  },
  {
    field: 'spec.containers.env.valueFrom.configMapKeyRef (not there yet)',
    until: 'Pending',
    spec: runs('echo "$VALUE"', {
      env: [{ name: 'VALUE', valueFrom: { configMapKeyRef: { name: 'env-later', key: 'value' } } }],
    }),
    shows: async (pod) => {
      const waiting = await pod.until(
        'waits for its ConfigMap',
        ({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.reason === 'CreateContainerConfigError',
      );
      expect(waiting.status?.containerStatuses?.[0]?.state?.waiting?.message).toBe('configmap "env-later" not found');
      await pod.kubectl.run('create configmap env-later --from-literal=value=here');
      await pod.until('has run', ({ status }) => status?.phase === 'Succeeded');
      expect(await pod.log()).toBe('here');
    },
  },
  {
    field: 'spec.enableServiceLinks',
    objects: [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'line-four' },
        spec: { selector: { app: 'none' }, ports: [{ name: 'http', port: 80 }] },
      },
    ],
    spec: runs('env', {}),
    shows: async (pod) => {
      const ip = await pod.kubectl.run('get service line-four -o jsonpath={.spec.clusterIP}');
      expect((await pod.log()).split('\n')).toEqual(
        expect.arrayContaining([
          `LINE_FOUR_SERVICE_HOST=${ip}`,
          'LINE_FOUR_SERVICE_PORT=80',
          'LINE_FOUR_SERVICE_PORT_HTTP=80',
          `LINE_FOUR_PORT_80_TCP=tcp://${ip}:80`,
        ]),
      );
    },
  },
  {
    field: 'spec.enableServiceLinks (false)',
    spec: runs('env', {}, { enableServiceLinks: false }),
    shows: async (pod) => {
      const log = await pod.log();
      expect(log).not.toContain('LINE_FOUR');
      expect(log).toContain('KUBERNETES_SERVICE_HOST=');
    },
  },
];
