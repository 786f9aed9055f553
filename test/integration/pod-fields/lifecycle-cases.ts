import { expect } from 'vitest';
import type { Pod } from '../../../src/domain/meta/types.ts';
import { eventually } from '../../conformance/runtime/eventually.ts';
import { busybox, STAY } from '../pods.ts';
import type { FieldCase } from './field-case.ts';
import type { SeenPod } from './seen-pod.ts';

const once = (script: string, fields: object = {}): object => ({
  restartPolicy: 'Never',
  containers: [busybox(script, fields)],
});
const shared = { volumes: [{ name: 'shared', emptyDir: {} }] };
const sees = { volumeMounts: [{ name: 'shared', mountPath: '/shared' }] };

/** Until somebody listens at port 8080 in the container's network. */
const LISTENS = 'until cat /proc/net/tcp /proc/net/tcp6 | grep -q ":1F90 "; do sleep 0.1; done';

const statusOf = async (pod: SeenPod, container = 'main') => {
  const { status } = await pod.object();
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].find(
    ({ name }) => name === container,
  );
};

const messageOf = async (pod: SeenPod): Promise<string | undefined> =>
  (await statusOf(pod))?.state?.terminated?.message;

/** What the container writes from now on, until the pod is deleted. */
async function lastLog(pod: SeenPod, container = 'main'): Promise<string> {
  const log = pod.kubectl.follow(`logs -f ${pod.name} -c ${container}`);
  // Once kubectl reads, it reads to the end; before, the pod might be gone.
  await log.next(/^up$/);
  await pod.kubectl.run(['delete', 'pod', pod.name]);
  await log.end();
  return log.lines.join('\n');
}

/** How containers begin, go on and end. */
export const lifecycleCases: readonly FieldCase[] = [
  {
    field: 'spec.initContainers',
    spec: {
      ...once('cat /shared/log', sees),
      ...shared,
      initContainers: ['one', 'two'].map((name) => ({ ...busybox(`echo ${name} >>/shared/log`, sees), name })),
    },
    shows: async (pod) => {
      expect(await pod.log()).toBe('one\ntwo');
      expect((await statusOf(pod, 'one'))?.state?.terminated?.reason).toBe('Completed');
    },
  },
  {
    field: 'spec.initContainers (that fails)',
    spec: { ...once('echo never'), initContainers: [{ ...busybox('exit 3'), name: 'init' }] },
    until: 'Failed',
    shows: async (pod) => expect((await statusOf(pod))?.state?.waiting?.reason).toBe('PodInitializing'),
  },
  {
    field: 'spec.initContainers.restartPolicy',
    spec: {
      ...once('cat /shared/log; sleep 1', sees),
      ...shared,
      terminationGracePeriodSeconds: 30,
      initContainers: [
        {
          ...busybox(`trap 'echo bye; exit 0' TERM; echo sidecar >>/shared/log; ${STAY}`, sees),
          name: 'sidecar',
          restartPolicy: 'Always',
        },
        {
          ...busybox('until [ -s /shared/log ]; do sleep 0.1; done; echo init >>/shared/log; cat /shared/log', sees),
          name: 'init',
        },
      ],
    },
    shows: async (pod) => {
      expect(await pod.log('init')).toBe('sidecar\ninit');
      expect(await pod.log()).toBe('sidecar\ninit');
      expect(await pod.untilLog('bye', 'sidecar')).toBe('bye');
      const seen = await pod.until('has ended its sidecar', ({ status }) =>
        Boolean(status?.initContainerStatuses?.[0]?.state?.terminated),
      );
      expect(seen.status?.initContainerStatuses?.[0]?.state?.terminated?.exitCode).toBe(0);
    },
  },
  {
    field: 'spec.initContainers.restartPolicy (restarts)',
    spec: {
      ...once(STAY),
      initContainers: [{ ...busybox('sleep 1'), name: 'sidecar', restartPolicy: 'Always' }],
    },
    until: 'Running',
    shows: async (pod) => {
      const restarted = await pod.until('restarts its sidecar', ({ status }) =>
        Boolean(status?.initContainerStatuses?.some(({ restartCount }) => restartCount > 0)),
      );
      expect(restarted.status?.containerStatuses?.[0]?.restartCount).toBe(0);
    },
  },
  {
    field: 'spec.restartPolicy (OnFailure)',
    spec: {
      restartPolicy: 'OnFailure',
      containers: [busybox('[ -e /shared/ran ] && exit 0; touch /shared/ran; exit 1', sees)],
      ...shared,
    },
    shows: async (pod) => {
      const status = await statusOf(pod);
      expect(status?.restartCount).toBeGreaterThan(0);
      expect(status?.state?.terminated?.exitCode).toBe(0);
    },
  },
  {
    field: 'spec.containers.lifecycle.postStart.httpGet',
    spec: {
      containers: [
        busybox('exec httpd -f -v -p 8080', { lifecycle: { postStart: { httpGet: { port: 8080, path: '/begun' } } } }),
      ],
    },
    until: 'Running',
    shows: async (pod) => {
      await pod.untilLog('response:404');
      await pod.until('is ready', ({ status }) => status?.containerStatuses?.[0]?.ready === true);
    },
  },
  {
    field: 'spec.containers.lifecycle.postStart.exec',
    spec: {
      containers: [
        busybox('until [ -e /tmp/hook ]; do sleep 0.1; done; cat /tmp/hook; ' + STAY, {
          lifecycle: { postStart: { exec: { command: ['sh', '-c', 'echo hooked >/tmp/hook'] } } },
        }),
      ],
    },
    until: 'Running',
    shows: async (pod) => void (await pod.untilLog('hooked')),
  },
  {
    field: 'spec.containers.lifecycle.postStart.sleep',
    spec: { containers: [busybox(STAY, { lifecycle: { postStart: { sleep: { seconds: 2 } } } })] },
    until: 'Running',
    shows: async (pod) => {
      const { status } = await pod.until('is ready', (seen) => seen.status?.containerStatuses?.[0]?.ready === true);
      const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? '';
      const started = status?.containerStatuses?.[0]?.state?.running?.startedAt ?? '';
      expect(Date.parse(ready) - Date.parse(started)).toBeGreaterThanOrEqual(1000);
    },
  },
  {
    field: 'spec.containers.lifecycle.postStart.tcpSocket (that fails)',
    spec: { containers: [busybox(STAY, { lifecycle: { postStart: { tcpSocket: { port: 1 } } } })] },
    until: 'Running',
    shows: async (pod) => {
      await pod.until('restarts', ({ status }) => (status?.containerStatuses?.[0]?.restartCount ?? 0) > 0);
      await pod.untilEvent('FailedPostStartHook: PostStartHook failed');
      expect((await statusOf(pod))?.started).toBe(false);
    },
  },
  {
    field: 'spec.containers.lifecycle.preStop.httpGet',
    spec: {
      terminationGracePeriodSeconds: 30,
      containers: [
        busybox(`httpd -f -v -p 8080 & ${LISTENS}; echo up; wait`, {
          lifecycle: { preStop: { httpGet: { port: 8080 } } },
        }),
      ],
    },
    until: 'Running',
    shows: async (pod) => expect(await lastLog(pod)).toContain('response:404'),
  },
  {
    field: 'spec.containers.lifecycle.preStop.exec',
    spec: {
      terminationGracePeriodSeconds: 30,
      containers: [
        busybox(`trap 'cat /tmp/hook; sleep 1; exit 0' TERM; echo up; ${STAY}`, {
          lifecycle: { preStop: { exec: { command: ['sh', '-c', 'echo hooked >/tmp/hook'] } } },
        }),
      ],
    },
    until: 'Running',
    shows: async (pod) => expect(await lastLog(pod)).toBe('up\nhooked'),
  },
  {
    field: 'spec.containers.lifecycle.preStop.tcpSocket',
    spec: {
      terminationGracePeriodSeconds: 30,
      containers: [
        busybox(`trap 'sleep 1; exit 0' TERM; nc -ll -p 8080 -e echo knocked >&1 & ${LISTENS}; echo up; ${STAY}`, {
          lifecycle: { preStop: { tcpSocket: { port: 8080 } } },
        }),
      ],
    },
    until: 'Running',
    shows: async (pod) => {
      await lastLog(pod);
      expect((await pod.events()).join('\n')).not.toContain('FailedPreStopHook');
    },
  },
  {
    field: 'spec.containers.lifecycle.preStop.sleep',
    spec: {
      terminationGracePeriodSeconds: 30,
      containers: [
        busybox(`trap 'echo told; sleep 1; exit 0' TERM; echo up; while :; do echo on; sleep 1 & wait $!; done`, {
          lifecycle: { preStop: { sleep: { seconds: 4 } } },
        }),
      ],
    },
    until: 'Running',
    shows: async (pod) => expect(await lastLog(pod)).toMatch(/on\non\n(on\n)*told$/),
  },
  {
    field: 'spec.containers.terminationMessagePath',
    spec: once('echo the end >/tmp/words; exit 1', {
      terminationMessagePath: '/tmp/words',
      securityContext: { runAsUser: 1000 },
    }),
    until: 'Failed',
    shows: async (pod) => expect(await messageOf(pod)).toBe('the end\n'),
  },
  {
    field: 'spec.containers.terminationMessagePolicy',
    spec: once('echo from the log; exit 1', { terminationMessagePolicy: 'FallbackToLogsOnError' }),
    until: 'Failed',
    shows: async (pod) => expect(await messageOf(pod)).toBe('from the log\n'),
  },
  {
    field: 'spec.containers.terminationMessagePolicy (of one that ends well)',
    spec: once('echo from the log', { terminationMessagePolicy: 'FallbackToLogsOnError' }),
    shows: async (pod) => expect((await messageOf(pod)) ?? '').toBe(''),
  },
  {
    field: 'spec.containers.terminationMessagePolicy (with a file)',
    spec: once('echo from the log; printf OK >/dev/termination-log', {
      terminationMessagePolicy: 'FallbackToLogsOnError',
    }),
    shows: async (pod) => expect(await messageOf(pod)).toBe('OK'),
  },
  {
    field: 'spec.activeDeadlineSeconds',
    spec: { activeDeadlineSeconds: 3, containers: [busybox(STAY)] },
    until: 'Failed',
    shows: async (pod) => expect((await pod.object()).status?.reason).toBe('DeadlineExceeded'),
  },
  {
    field: 'spec.activeDeadlineSeconds (set later)',
    spec: { containers: [busybox(STAY)] },
    until: 'Running',
    shows: async (pod) => {
      await pod.kubectl.run(['patch', 'pod', pod.name, '-p', '{"spec":{"activeDeadlineSeconds":1}}']);
      const ended = await pod.until('has failed', ({ status }) => status?.phase === 'Failed');
      expect(ended.status?.reason).toBe('DeadlineExceeded');
    },
  },
  {
    field: 'spec.containers.image (changed)',
    spec: { containers: [busybox(`echo up; ${STAY}`)] },
    until: 'Running',
    shows: async (pod) => {
      await pod.kubectl.run(['set', 'image', `pod/${pod.name}`, 'main=busybox:1.35']);
      await pod.until('restarts', ({ status }) => {
        const found = status?.containerStatuses?.[0];
        return (
          found?.restartCount === 1 && found.state?.running !== undefined && found.lastState?.terminated !== undefined
        );
      });
    },
  },
  {
    field: 'spec.containers.resources (resized)',
    spec: {
      containers: [
        busybox('while :; do cat /sys/fs/cgroup/memory/memory.limit_in_bytes; sleep 0.5; done', {
          resources: { requests: { memory: '32Mi' }, limits: { memory: '64Mi' } },
        }),
      ],
    },
    until: 'Running',
    shows: async (pod) => {
      await pod.untilLog('67108864');
      const containers = [{ name: 'main', resources: { limits: { memory: '96Mi' } } }];
      const patch = JSON.stringify({ spec: { containers } });
      await pod.kubectl.run(['patch', 'pod', pod.name, '--subresource=resize', '-p', patch]);
      await pod.untilLog('100663296');
      const { status } = await pod.until(
        'tells of it',
        (seen) => seen.status?.containerStatuses?.[0]?.resources?.limits?.['memory'] === '96Mi',
      );
      expect(status?.containerStatuses?.[0]?.restartCount).toBe(0);
    },
  },
  {
    field: 'spec.containers.resizePolicy',
    spec: {
      containers: [
        busybox(STAY, {
          resources: { requests: { memory: '32Mi' }, limits: { memory: '64Mi' } },
          resizePolicy: [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }],
        }),
      ],
    },
    until: 'Running',
    shows: async (pod) => {
      const containers = [{ name: 'main', resources: { limits: { memory: '96Mi' } } }];
      const patch = JSON.stringify({ spec: { containers } });
      await pod.kubectl.run(['patch', 'pod', pod.name, '--subresource=resize', '-p', patch]);
      await pod.until('restarts with more memory', ({ status }) => {
        const found = status?.containerStatuses?.[0];
        return found?.restartCount === 1 && found.resources?.limits?.['memory'] === '96Mi';
      });
    },
  },
  {
    field: 'spec.readinessGates',
    spec: { readinessGates: [{ conditionType: 'plant/approved' }], containers: [busybox(STAY)] },
    until: 'Running',
    shows: async (pod) => {
      const readyOf = ({ status }: Awaited<ReturnType<SeenPod['object']>>) =>
        status?.conditions?.find(({ type }) => type === 'Ready');
      await pod.until('waits for its gate', (seen) => readyOf(seen)?.reason === 'ReadinessGatesNotReady');
      const patch = '{"status":{"conditions":[{"type":"plant/approved","status":"True"}]}}';
      await pod.kubectl.run(['patch', 'pod', pod.name, '--subresource=status', '-p', patch]);
      await pod.until('is ready', (seen) => readyOf(seen)?.status === 'True');
    },
  },
  ...['main', 'other'].map((second): FieldCase => ({
    field: `spec.ephemeralContainers (${second === 'main' ? 'one container' : 'several'})`,
    spec: {
      containers: [busybox(STAY), ...(second === 'main' ? [] : [{ ...busybox(STAY), name: second }])],
    },
    until: 'Running',
    shows: async (pod) => {
      const script = 'ip -4 addr show eth0; ps; exit 4';
      await pod.kubectl.run([
        'debug',
        pod.name,
        '--image=docker.io/library/busybox:1.35',
        '--target=main',
        '-c',
        'look',
        '--',
        'sh',
        '-c',
        script,
      ]);
      const { status } = await pod.until('has been looked into', (seen) =>
        Boolean(seen.status?.ephemeralContainerStatuses?.[0]?.state?.terminated),
      );
      expect(status?.ephemeralContainerStatuses?.[0]?.state?.terminated?.exitCode).toBe(4);
      const log = await pod.log('look');
      expect(log).toContain(status?.podIP);
      expect(log).toMatch(/ 1 root .*while/);
    },
  })),
  {
    field: 'spec.containers.lifecycle.stopSignal',
    spec: {
      terminationGracePeriodSeconds: 30,
      os: { name: 'linux' },
      containers: [
        {
          ...busybox(`trap 'echo told to; sleep 1; exit 0' USR1; echo up; ${STAY}`),
          lifecycle: { stopSignal: 'SIGUSR1' },
        },
      ],
    },
    until: 'Running',
    shows: async (pod) => expect(await lastLog(pod)).toBe('up\ntold to'),
  },
  {
    field: 'logs of the present run and of the one before (kubectl logs --previous)',
    spec: {
      containers: [
        busybox(
          `n=$(cat /n 2>/dev/null || echo 0); echo $((n + 1)) > /n; echo run $n; [ $n = 1 ] || { sleep 1; exit 3; }; ${STAY}`,
        ),
      ],
    },
    until: 'Running',
    shows: async (pod) => {
      await pod.untilLog(/^run 1$/);
      const previous = await eventually('the run before is known', async () => {
        const { code, stdout } = await pod.kubectl.attempt(['logs', pod.name, '--previous']);
        return code === 0 ? stdout : undefined;
      });
      expect(previous).toBe('run 0\n');
      const ended = ({ status }: Pod) => status?.containerStatuses?.[0]?.lastState?.terminated;
      const seen = await pod.until('tells of the run before', (found) => ended(found) !== undefined);
      expect(ended(seen)).toMatchObject({ exitCode: 3, reason: 'Error', startedAt: expect.any(String) });
    },
  },
];
