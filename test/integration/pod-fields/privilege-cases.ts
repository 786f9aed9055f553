import { expect } from 'vitest';
import { BUSYBOX } from '../pods.ts';
import type { FieldCase } from './field-case.ts';

const runs = (script: string, securityContext: object, pod: object = {}) => ({
  restartPolicy: 'Never',
  securityContext: pod,
  containers: [{ name: 'main', image: BUSYBOX, command: ['sh', '-c', script], securityContext }],
});

/** Users and privileges, in the steps of Kubernetes' own tests. */
export const privilegeCases: readonly FieldCase[] = [
  {
    field: 'spec.containers.securityContext.runAsUser (nobody)',
    spec: runs('id -u', { runAsUser: 65534 }),
    shows: async (pod) => expect(await pod.log()).toBe('65534'),
  },
  {
    field: 'spec.containers.securityContext.privileged (false)',
    spec: runs('exec 2>&1; ip link add dummy0 type dummy || echo refused', { privileged: false }),
    shows: async (pod) => expect(await pod.log()).toMatch(/Operation not permitted\nrefused$/),
  },
  {
    field: 'spec.containers.securityContext.readOnlyRootFilesystem (false)',
    spec: runs('echo written >/checkfile; cat /checkfile', { readOnlyRootFilesystem: false }),
    shows: async (pod) => expect(await pod.log()).toBe('written'),
  },
  {
    field: 'spec.containers.securityContext.runAsUser (and runAsGroup)',
    spec: runs('id -u; id -g', { runAsUser: 1001, runAsGroup: 2002 }, { runAsUser: 1002 }),
    shows: async (pod) => expect(await pod.log()).toBe('1001\n2002'),
  },
  {
    field: 'spec.securityContext.runAsUser (and runAsGroup)',
    spec: runs('id -u; id -g', {}, { runAsUser: 1001, runAsGroup: 2002 }),
    shows: async (pod) => expect(await pod.log()).toBe('1001\n2002'),
  },
  {
    field: 'spec.containers.securityContext.allowPrivilegeEscalation (false)',
    spec: runs('grep NoNewPrivs /proc/self/status', { runAsUser: 1000, allowPrivilegeEscalation: false }),
    shows: async (pod) => expect(await pod.log()).toBe('NoNewPrivs:\t1'),
  },
  {
    field: 'spec.containers.securityContext.readOnlyRootFilesystem (true)',
    spec: runs('exec 2>&1; echo test >/file; cat /file || echo refused', { readOnlyRootFilesystem: true }),
    shows: async (pod) => expect(await pod.log()).toMatch(/Read-only file system\n[^]*refused$/),
  },
  {
    field: 'spec.securityContext.sysctls (one that is safe)',
    spec: runs(
      'cat /proc/sys/kernel/shm_rmid_forced',
      {},
      { sysctls: [{ name: 'kernel.shm_rmid_forced', value: '1' }] },
    ),
    shows: async (pod) => expect(await pod.log()).toBe('1'),
  },
];
