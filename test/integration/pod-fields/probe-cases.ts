import { expect } from 'vitest';
import { eventually } from '../../conformance/runtime/eventually.ts';
import type { Pod } from '../../../src/domain/meta/types.ts';
import { busybox, STAY } from '../pods.ts';
import type { FieldCase } from './field-case.ts';
import type { SeenPod } from './seen-pod.ts';

const NODE_IMAGE = 'localhost/modbus-plc:1';
/** At once, and with time enough on a machine that does other things, too. */
const always = { periodSeconds: 1, failureThreshold: 1, timeoutSeconds: 10 };

const restartsOf = async (pod: SeenPod): Promise<Record<string, number>> => {
  const { status } = await pod.object();
  return Object.fromEntries((status?.containerStatuses ?? []).map(({ name, restartCount }) => [name, restartCount]));
};

const isReady = (pod: SeenPod, within?: number) =>
  pod.until('is ready', ({ status }) => status?.containerStatuses?.every(({ ready }) => ready) ?? false, within);

const isRestarted = (pod: SeenPod, name: string) =>
  pod.until(
    `restarts ${name}`,
    ({ status }) => (status?.containerStatuses?.find((c) => c.name === name)?.restartCount ?? 0) > 0,
  );

/** Answers SERVING for the service `ready`, NOT_SERVING for all others, with nothing but Node. */
const grpcServer = `
require('node:http2').createServer().on('stream', (stream) => {
  const body = [];
  stream.on('data', (piece) => body.push(piece));
  stream.on('end', () => {
    const service = Buffer.concat(body).subarray(7).toString();
    const serves = service === 'ready';
    console.log('asked for', service);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.from([0, 0, 0, 0, 2, 8, serves ? 1 : 2]));
  });
}).listen(9000);
process.on('SIGTERM', () => process.exit());
`;

const grpcPod = (name: string, probes: object) => ({
  volumes: [{ name: 'server', configMap: { name } }],
  containers: [
    {
      name: 'main',
      image: NODE_IMAGE,
      command: ['node', '/server/server.js'],
      volumeMounts: [{ name: 'server', mountPath: '/server' }],
      ...probes,
    },
  ],
});

const grpcConfig = (name: string) => [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { 'server.js': grpcServer } },
];

/** What is asked of containers while they run. */
export const probeCases: readonly FieldCase[] = [
  {
    field: 'spec.containers.livenessProbe.exec',
    until: 'Running',
    spec: {
      containers: [
        busybox(`touch /tmp/health; sleep 2; rm /tmp/health; ${STAY}`, {
          livenessProbe: { exec: { command: ['cat', '/tmp/health'] }, initialDelaySeconds: 1, ...always },
        }),
        busybox(STAY, { name: 'beside' }),
      ],
    },
    shows: async (pod) => {
      await isRestarted(pod, 'main');
      expect((await restartsOf(pod))['beside']).toBe(0);
      await pod.untilEvent("Unhealthy: Liveness probe failed: cat: can't open '/tmp/health'");
      await pod.untilEvent('Killing: Container main failed liveness probe, will be restarted');
    },
  },
  {
    field: 'spec.containers.livenessProbe (in a pod that is never restarted)',
    until: 'Failed',
    spec: {
      restartPolicy: 'Never',
      containers: [
        busybox('', {
          command: ['sleep', '600'],
          livenessProbe: { exec: { command: ['false'] }, terminationGracePeriodSeconds: 1, ...always },
        }),
      ],
    },
    shows: async (pod) => expect(await restartsOf(pod)).toEqual({ main: 0 }),
  },
  {
    field: 'spec.containers.readinessProbe.exec',
    until: 'Running',
    spec: {
      containers: [
        busybox(`echo up; ${STAY}`, {
          readinessProbe: { exec: { command: ['test', '-e', '/tmp/ready'] }, ...always },
        }),
      ],
    },
    shows: async (pod) => {
      await pod.untilLog('up');
      expect((await pod.object()).status?.containerStatuses?.[0]?.ready).toBe(false);
      await pod.kubectl.run(['exec', pod.name, '--', 'touch', '/tmp/ready']);
      await isReady(pod);
      await pod.kubectl.run(['exec', pod.name, '--', 'rm', '/tmp/ready']);
      await pod.until('is not ready', ({ status }) => status?.containerStatuses?.[0]?.ready === false);
      expect(await restartsOf(pod)).toEqual({ main: 0 });
    },
  },
  {
    field: 'spec.containers.readinessProbe.timeoutSeconds',
    until: 'Running',
    spec: {
      containers: [
        busybox(STAY, { readinessProbe: { exec: { command: ['sleep', '60'] }, ...always, timeoutSeconds: 1 } }),
      ],
    },
    shows: async (pod) => {
      const late = 'Unhealthy: Readiness probe failed: command timed out: "sleep 60" timed out after 1s';
      await pod.untilEvent(late);
      const count = ['exec', pod.name, '--', 'sh', '-c', 'ps | grep -c "[s]leep 60"'];
      const hanging = async () => ((await pod.kubectl.run(count)) === '3\n' ? true : undefined);
      await eventually('three processes are left', hanging);
      expect((await pod.object()).status?.containerStatuses?.[0]?.ready).toBe(false);
    },
  },
  {
    field: 'spec.containers.livenessProbe (of one that is well)',
    until: 'Running',
    spec: {
      containers: [
        busybox(`touch /tmp/health; ${STAY}`, {
          name: 'exec',
          livenessProbe: {
            exec: { command: ['sh', '-c', 'cat /tmp/health && echo >>/tmp/asked'] },
            ...always,
            failureThreshold: 5,
          },
        }),
        busybox('mkdir /www; touch /www/healthz; exec httpd -f -v -p 8080 -h /www', {
          name: 'http',
          livenessProbe: { httpGet: { port: 8080, path: '/healthz' }, ...always, failureThreshold: 5 },
        }),
        busybox("exec nc -ll -p 8081 -e sh -c 'echo asked >/proc/1/fd/1'", {
          name: 'tcp',
          livenessProbe: { tcpSocket: { port: 8081 }, ...always, failureThreshold: 5 },
        }),
      ],
    },
    shows: async (pod) => {
      await pod.untilLog(/(response:200[^]*){5}/, 'http');
      await pod.untilLog(/(asked\s*){5}/, 'tcp');
      const asked = ['exec', pod.name, '-c', 'exec', '--', 'sh', '-c', 'cat /tmp/asked | wc -l'];
      const often = async () => (Number(await pod.kubectl.run(asked)) >= 5 ? true : undefined);
      await eventually('its command has run five times', often);
      expect(await restartsOf(pod)).toEqual({ exec: 0, http: 0, tcp: 0 });
    },
  },
  {
    field: 'spec.containers.readinessProbe.initialDelaySeconds',
    until: 'Running',
    spec: {
      containers: [
        busybox(STAY, { readinessProbe: { exec: { command: ['true'] }, ...always, initialDelaySeconds: 4 } }),
      ],
    },
    shows: async (pod) => {
      await isReady(pod);
      const { status } = await pod.object();
      const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? '';
      const started = status?.containerStatuses?.[0]?.state?.running?.startedAt ?? '';
      expect(Date.parse(ready) - Date.parse(started)).toBeGreaterThanOrEqual(4000);
      expect(await restartsOf(pod)).toEqual({ main: 0 });
    },
  },
  {
    field: 'spec.containers.readinessProbe.failureThreshold (that is passed at once)',
    until: 'Running',
    spec: {
      containers: [
        busybox(STAY, {
          readinessProbe: { exec: { command: ['sh', '-c', 'echo >>/tmp/asked; exit 1'] }, ...always },
        }),
      ],
    },
    shows: async (pod) => {
      const asked = ['exec', pod.name, '--', 'sh', '-c', 'cat /tmp/asked | wc -l'];
      const often = async () => (Number(await pod.kubectl.run(asked)) >= 4 ? true : undefined);
      await pod.untilEvent('Unhealthy: Readiness probe failed');
      await eventually('it has been asked four times', often);
      expect((await pod.object()).status?.containerStatuses).toMatchObject([{ ready: false, restartCount: 0 }]);
    },
  },
  {
    field: 'spec.containers.livenessProbe.grpc (of one that serves)',
    until: 'Running',
    objects: grpcConfig('grpc-serves'),
    spec: grpcPod('grpc-serves', {
      livenessProbe: { grpc: { port: 9000, service: 'ready' }, ...always, failureThreshold: 60 },
    }),
    shows: async (pod) => {
      await pod.untilLog(/(asked for ready\s*){5}/);
      expect(await restartsOf(pod)).toEqual({ main: 0 });
    },
  },
  {
    field: 'spec.containers.readinessProbe.grpc',
    until: 'Running',
    objects: grpcConfig('grpc-ready'),
    spec: grpcPod('grpc-ready', {
      readinessProbe: { grpc: { port: 9000, service: 'ready' }, ...always, failureThreshold: 10 },
    }),
    shows: async (pod) => void (await isReady(pod)),
  },
  {
    field: 'spec.containers.livenessProbe.grpc',
    until: 'Running',
    objects: grpcConfig('grpc-live'),
    spec: grpcPod('grpc-live', { livenessProbe: { grpc: { port: 9000 }, ...always, failureThreshold: 15 } }),
    shows: async (pod) => {
      await pod.untilEvent('Unhealthy: Liveness probe failed: service unhealthy (responded with "NOT_SERVING")');
      await isRestarted(pod, 'main');
    },
  },
  {
    field: 'spec.containers.startupProbe',
    until: 'Running',
    spec: {
      containers: [
        busybox(`sleep 3; touch /tmp/up; ${STAY}`, {
          startupProbe: {
            exec: { command: ['test', '-e', '/tmp/up'] },
            periodSeconds: 1,
            failureThreshold: 60,
            timeoutSeconds: 10,
          },
          livenessProbe: { exec: { command: ['test', '-e', '/tmp/up'] }, ...always },
        }),
      ],
    },
    shows: async (pod) => {
      await isReady(pod);
      expect(await restartsOf(pod)).toEqual({ main: 0 });
      expect((await pod.object()).status?.containerStatuses?.[0]?.started).toBe(true);
    },
  },
  {
    field: 'spec.containers.readinessProbe.httpGet',
    until: 'Running',
    spec: {
      containers: [
        busybox('mkdir /www; echo ok >/www/index.html; exec httpd -f -p 8080 -h /www', {
          ports: [{ name: 'web', containerPort: 8080 }],
          readinessProbe: { httpGet: { port: 'web', path: '/index.html' }, ...always },
        }),
      ],
    },
    shows: async (pod) => void (await isReady(pod)),
  },
  {
    field: 'spec.containers.livenessProbe.httpGet',
    until: 'Running',
    spec: {
      containers: [
        busybox('mkdir /www; exec httpd -f -p 8080 -h /www', {
          livenessProbe: { httpGet: { port: 8080, path: '/healthz' }, ...always, failureThreshold: 2 },
        }),
      ],
    },
    shows: async (pod) => {
      await pod.untilEvent('Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 404');
      await isRestarted(pod, 'main');
    },
  },
  {
    field: 'spec.containers.readinessProbe.tcpSocket',
    until: 'Running',
    spec: {
      containers: [
        busybox('mkdir /www; exec httpd -f -p 8080 -h /www', {
          readinessProbe: { tcpSocket: { port: 8080 }, ...always },
        }),
      ],
    },
    shows: async (pod) => void (await isReady(pod)),
  },
  {
    field: 'spec.initContainers.readinessProbe (of a sidecar)',
    until: 'Running',
    spec: {
      initContainers: [
        {
          ...busybox(STAY, { name: 'side', restartPolicy: 'Always' }),
          readinessProbe: { exec: { command: ['test', '-e', '/tmp/ready'] }, ...always },
        },
      ],
      containers: [busybox(STAY)],
    },
    shows: async (pod) => {
      const isReadyPod = ({ status }: Pod) =>
        status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
      const running = await pod.until('runs', ({ status }) => status?.containerStatuses?.[0]?.ready === true);
      expect(isReadyPod(running)).toBe(false);
      await pod.kubectl.run(['exec', pod.name, '-c', 'side', '--', 'touch', '/tmp/ready']);
      await pod.until('is ready', isReadyPod);
    },
  },
];
