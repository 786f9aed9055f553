import { expect } from 'vitest';
import { BUSYBOX } from '../pods.ts';
import type { FieldCase } from './field-case.ts';

const runs = (script: string, securityContext: object) => ({
  restartPolicy: 'Never',
  containers: [{ name: 'main', image: BUSYBOX, command: ['sh', '-c', script], securityContext }],
});

/** What a container is given although, or because, its security context asks for nothing special. */
export const privilegeCases: readonly FieldCase[] = [
  {
    field: 'spec.containers.securityContext.runAsUser (nobody)',
    spec: runs('id -u', { runAsUser: 65534 }),
    shows: async (pod) => expect(await pod.log()).toBe('65534'),
  },
  {
    field: 'spec.containers.securityContext.privileged (false)',
    spec: runs('ip link add dummy0 type dummy || echo refused', { privileged: false }),
    shows: async (pod) => expect(await pod.log()).toMatch(/Operation not permitted\nrefused$/),
  },
  {
    field: 'spec.containers.securityContext.readOnlyRootFilesystem (false)',
    spec: runs('echo written >/checkfile; cat /checkfile', { readOnlyRootFilesystem: false }),
    shows: async (pod) => expect(await pod.log()).toBe('written'),
  },
];
