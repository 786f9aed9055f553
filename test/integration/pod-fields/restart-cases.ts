import { expect } from 'vitest';
import { busybox, STAY } from '../pods.ts';
import type { FieldCase } from './field-case.ts';

const sees = { volumeMounts: [{ name: 'shared', mountPath: '/shared' }] };
const shared = { volumes: [{ name: 'shared', emptyDir: {} }] };
/** Fails the first time, ends well the second, and stays the third. */
const thrice = `echo >>/shared/runs; case $(wc -l </shared/runs) in 1) exit 1;; 2) exit 0;; esac; ${STAY}`;

/** What becomes of containers that end. */
export const restartCases: readonly FieldCase[] = [
  {
    field: 'spec.restartPolicy (Always)',
    until: 'Running',
    spec: { containers: [busybox(thrice, sees)], ...shared },
    shows: async (pod) => {
      const seen = await pod.until('has come to stay', ({ status }) => {
        const [main] = status?.containerStatuses ?? [];
        return (main?.restartCount ?? 0) >= 2 && main?.ready === true && main.state?.running !== undefined;
      });
      expect(seen.status?.phase).toBe('Running');
      // Also on Podman, which knows no pauses: what k2d ends during the back-off was no restart.
      expect(seen.status?.containerStatuses?.[0]?.restartCount).toBe(2);
    },
  },
  {
    field: 'spec.restartPolicy (Never)',
    until: 'Failed',
    spec: { restartPolicy: 'Never', containers: [busybox(thrice, sees)], ...shared },
    shows: async (pod) =>
      expect((await pod.object()).status?.containerStatuses).toMatchObject([
        { restartCount: 0, ready: false, state: { terminated: { exitCode: 1, reason: 'Error' } } },
      ]),
  },
  {
    field: 'spec.containers.command (that always fails)',
    until: 'Running',
    spec: { containers: [{ ...busybox(''), command: ['/bin/false'] }] },
    shows: async (pod) => {
      await pod.until('has ended once', ({ status }) => {
        const { state, lastState } = status?.containerStatuses?.[0] ?? {};
        return (state?.terminated ?? lastState?.terminated)?.reason === 'Error';
      });
      await pod.kubectl.run(`delete pod ${pod.name} --timeout=100s`);
      expect((await pod.kubectl.attempt(`get pod ${pod.name}`)).stderr).toContain('not found');
    },
  },
  {
    field: 'spec.initContainers (that always fails)',
    until: 'Pending',
    spec: {
      initContainers: [busybox('exit 1', { name: 'first' }), busybox('true', { name: 'second' })],
      containers: [busybox(STAY)],
    },
    shows: async (pod) => {
      const { status } = await pod.until(
        'tries again',
        (seen) => (seen.status?.initContainerStatuses?.[0]?.restartCount ?? 0) >= 3,
        90_000,
      );
      expect(status).toMatchObject({
        phase: 'Pending',
        initContainerStatuses: [{}, { state: { waiting: { reason: 'PodInitializing' } }, ready: false }],
        containerStatuses: [{ state: { waiting: { reason: 'PodInitializing' } }, restartCount: 0 }],
      });
      expect(status?.conditions?.find(({ type }) => type === 'Initialized')).toMatchObject({
        status: 'False',
        reason: 'ContainersNotInitialized',
        message: 'containers with incomplete status: [first second]',
      });
    },
  },
  {
    field: 'spec.containers.livenessProbe (again and again)',
    until: 'Running',
    spec: {
      containers: [
        busybox(STAY, {
          livenessProbe: { exec: { command: ['false'] }, periodSeconds: 1, failureThreshold: 1, timeoutSeconds: 10 },
        }),
      ],
    },
    shows: async (pod) => {
      const counts: number[] = [];
      await pod.until(
        'is restarted three times',
        ({ status }) => {
          const count = status?.containerStatuses?.[0]?.restartCount ?? 0;
          if (counts.at(-1) !== count) counts.push(count);
          return count >= 3;
        },
        100_000,
      );
      expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    },
  },
];
