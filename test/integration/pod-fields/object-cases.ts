import { expect } from 'vitest';
import { busybox, pod as podObject, STAY } from '../pods.ts';
import type { FieldCase } from './field-case.ts';
import type { SeenPod } from './seen-pod.ts';

const stays = { containers: [busybox(STAY)] };
const generationOf = async (pod: SeenPod) => (await pod.object()).metadata?.generation;
const patch = (pod: SeenPod, body: object, ...flags: string[]) =>
  pod.kubectl.run(['patch', 'pod', pod.name, ...flags, '-p', JSON.stringify(body)]);
const asking = (requests: object, limits: object) => ({
  containers: [busybox(STAY, { resources: { requests, limits } })],
});

/** What becomes of the object while its containers run. */
export const objectCases: readonly FieldCase[] = [
  {
    field: 'metadata (watched to its end)',
    until: 'Running',
    spec: { ...stays, terminationGracePeriodSeconds: 30 },
    shows: async (pod) => {
      const columns = ['labels.line', 'deletionGracePeriodSeconds'].map((path) => `{.object.metadata.${path}}`);
      const format = `jsonpath={.type} ${columns.join(',')},{.object.status.message}{"\\n"}`;
      const watch = pod.kubectl.follow([
        'get',
        'pods',
        '-w',
        '--output-watch-events',
        '-l',
        `app=${pod.name}`,
        '-o',
        format,
      ]);
      try {
        await watch.next(/^ADDED ,,/);
        await patch(pod, { metadata: { labels: { line: 'four' } } });
        await watch.next(/^MODIFIED four,,/);
        await patch(pod, { status: { message: 'told', reason: 'Test' } }, '--subresource=status');
        await watch.next(/^MODIFIED four,,told$/);
        await pod.kubectl.run(`delete pod ${pod.name} --wait=false`);
        await watch.next(/^MODIFIED four,30,/);
        await watch.next(/^DELETED four,/);
      } finally {
        await watch.stop();
      }
      expect((await pod.kubectl.attempt(`get pod ${pod.name}`)).stderr).toContain('not found');
    },
  },
  {
    field: 'status (patched)',
    until: 'Running',
    spec: stays,
    shows: async (pod) => {
      const body = { status: { message: 'Patched by a test', reason: 'Test' } };
      const answer = await patch(
        pod,
        body,
        '--subresource=status',
        '-o',
        'jsonpath={.status.reason}: {.status.message}',
      );
      expect(answer).toBe('Test: Patched by a test');
    },
  },
  {
    field: 'metadata.labels (of several that are deleted together)',
    until: 'Running',
    metadata: { labels: { type: 'Testing' } },
    objects: ['one', 'two'].map((name) => podObject(`together-${name}`, stays, { labels: { type: 'Testing' } })),
    spec: stays,
    shows: async (pod) => {
      const { metadata } = await pod.object();
      const path = `/api/v1/namespaces/${metadata?.namespace}/pods?labelSelector=type%3DTesting`;
      await pod.kubectl.run(['delete', '--raw', path]);
      await pod.kubectl.run('wait --for=delete pod -l type=Testing --timeout=100s');
    },
  },
  {
    field: 'spec.containers.image (replaced with the whole object)',
    until: 'Running',
    spec: stays,
    shows: async (pod) => {
      const { spec, ...object } = await pod.object();
      const containers = spec!.containers!.map((container) => ({ ...container, image: 'busybox:1.35' }));
      const input = [{ ...object, apiVersion: 'v1', kind: 'Pod', spec: { ...spec, containers } }];
      await pod.kubectl.run('replace -f -', { input });
      const { status } = await pod.until('runs the other', (seen) => {
        const [main] = seen.status?.containerStatuses ?? [];
        return main?.restartCount === 1 && main.state?.running !== undefined;
      });
      expect(status?.containerStatuses?.[0]?.image).toContain('busybox:1.35');
    },
  },
  {
    field: 'metadata.generation',
    until: 'Running',
    metadata: { generation: 100 },
    spec: {
      ...stays,
      initContainers: [busybox('true', { name: 'init' })],
      terminationGracePeriodSeconds: 60,
    },
    shows: async (pod) => {
      expect(await generationOf(pod)).toBe(1);
      const toleration = { key: 'line', operator: 'Exists' };
      const container = (more: object) => ({ spec: { containers: [{ name: 'main', ...more }] } });
      const changes: [expected: number, change: () => Promise<unknown>][] = [
        [1, () => patch(pod, {})],
        [1, () => patch(pod, { metadata: { labels: { some: 'label' } } })],
        [1, () => patch(pod, { status: { message: 'told' } }, '--subresource=status')],
        [1, () => patch(pod, { metadata: { generation: 70 } })],
        [2, () => patch(pod, { spec: { activeDeadlineSeconds: 5000 } })],
        [3, () => patch(pod, [{ op: 'add', path: '/spec/tolerations/-', value: toleration }], '--type=json')],
        [4, () => patch(pod, { spec: { initContainers: [{ name: 'init', image: 'busybox:1.35' }] } })],
        [5, () => patch(pod, container({ image: 'busybox:1.35' }))],
        [6, () => pod.kubectl.run(['debug', pod.name, '--image=busybox:1.35', '-c', 'look', '--', 'true'])],
      ];
      for (const [expected, change] of changes) {
        await change();
        expect(await generationOf(pod)).toBe(expected);
      }
      await pod.until('is known to the kubelet', ({ status }) => status?.observedGeneration === 6);
      const { metadata } = await pod.object();
      const path = `/api/v1/namespaces/${metadata?.namespace}/pods/${pod.name}`;
      expect(JSON.parse(await pod.kubectl.run(['delete', '--raw', path]))).toMatchObject({
        metadata: { generation: 7 },
      });
    },
  },
  {
    field: 'status.observedGeneration',
    until: 'Running',
    spec: { ...stays, activeDeadlineSeconds: 5000 },
    shows: async (pod) => {
      // Applied by the server, so that each is one request.
      const input = Array.from({ length: 499 }, (_, index) =>
        podObject(pod.name, { ...stays, activeDeadlineSeconds: 4999 - index }),
      );
      await pod.kubectl.run('apply --server-side --force-conflicts --validate=false -f -', {
        input,
        timeoutMs: 200_000,
      });
      const { metadata, status } = await pod.until(
        'is known to the kubelet',
        (seen) => seen.status?.observedGeneration === 500,
      );
      expect(metadata?.generation).toBe(500);
      expect(status?.containerStatuses?.[0]?.restartCount).toBe(0);
    },
  },
  {
    field: 'status.qosClass',
    until: 'Running',
    objects: [
      podObject('qos-burstable', asking({ cpu: '10m' }, { memory: '32Mi' })),
      podObject('qos-best-effort', stays),
    ],
    spec: asking({ cpu: '100m', memory: '32Mi' }, { cpu: '100m', memory: '32Mi' }),
    shows: async (pod) => {
      const classOf = (name: string) => pod.kubectl.run(`get pod ${name} -o jsonpath={.status.qosClass}`);
      expect(await classOf(pod.name)).toBe('Guaranteed');
      expect(await classOf('qos-burstable')).toBe('Burstable');
      expect(await classOf('qos-best-effort')).toBe('BestEffort');
      await pod.kubectl.run('delete pod qos-burstable qos-best-effort --wait=false');
    },
  },
  {
    field: 'spec.ephemeralContainers (two, by updates)',
    until: 'Running',
    spec: stays,
    shows: async (pod) => {
      for (const name of ['one', 'two']) {
        const { spec, ...object } = await pod.object();
        const ephemeralContainers = [...(spec?.ephemeralContainers ?? []), busybox(`echo ${name}`, { name })];
        const input = [{ ...object, apiVersion: 'v1', kind: 'Pod', spec: { ...spec, ephemeralContainers } }];
        const path = `/api/v1/namespaces/${object.metadata?.namespace}/pods/${pod.name}/ephemeralcontainers`;
        await pod.kubectl.run(['replace', '--raw', path, '-f', '-'], { input });
        await pod.untilLog(name, name);
      }
      const { spec } = await pod.object();
      expect(spec?.ephemeralContainers?.map(({ name }) => name)).toEqual(['one', 'two']);
    },
  },
];
