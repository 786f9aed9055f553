import { expect } from 'vitest';
import { BUSYBOX } from '../pods.ts';
import type { FieldCase } from './field-case.ts';

const MODES = ['644', '666', '777'];
const script = [
  `for m in ${MODES.join(' ')}; do for v in disk memory; do`,
  'f=/$v/$(id -u)-$m; echo content >$f; chmod $m $f; echo "$v $(stat -c "%a %u" $f) $(cat $f)"; done; done;',
  `stat -c %a /disk /memory; grep -c "^tmpfs /memory tmpfs" /proc/mounts`,
].join(' ');

const container = (name: string, securityContext: object) => ({
  name,
  image: BUSYBOX,
  command: ['sh', '-c', script],
  securityContext,
  volumeMounts: ['disk', 'memory'].map((volume) => ({ name: volume, mountPath: `/${volume}` })),
});

/** Folders that begin empty and end with the pod. */
export const emptyDirCases: readonly FieldCase[] = [
  {
    field: 'spec.volumes.emptyDir (files of every user and mode, on disk and in memory)',
    spec: {
      restartPolicy: 'Never',
      volumes: [
        { name: 'disk', emptyDir: {} },
        { name: 'memory', emptyDir: { medium: 'Memory' } },
      ],
      containers: [container('main', {}), container('user', { runAsUser: 1001 })],
    },
    shows: async (pod) => {
      const lines = (user: number) =>
        MODES.flatMap((mode) => ['disk', 'memory'].map((volume) => `${volume} ${mode} ${user} content`));
      expect((await pod.log()).split('\n')).toEqual([...lines(0), '777', '1777', '1']);
      expect((await pod.log('user')).split('\n')).toEqual([...lines(1001), '777', '1777', '1']);
    },
  },
];
