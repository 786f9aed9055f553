import { expect } from 'vitest';
import { BUSYBOX } from '../pods.ts';
import type { FieldCase } from './field-case.ts';

const container = (fields: object) => ({
  restartPolicy: 'Never',
  containers: [{ name: 'main', image: BUSYBOX, ...fields }],
});

/** What a container runs, and with what. */
export const processCases: readonly FieldCase[] = [
  {
    field: 'spec.containers.command',
    spec: container({ command: ['echo', 'from the command'] }),
    shows: async (pod) => expect(await pod.log()).toBe('from the command'),
  },
  {
    field: 'spec.containers.args',
    spec: container({ args: ['echo', 'the image has no entrypoint'] }),
    shows: async (pod) => expect(await pod.log()).toBe('the image has no entrypoint'),
  },
  {
    field: 'spec.containers.args (with variables)',
    spec: container({
      command: ['sh', '-c', 'echo "$0 $1"'],
      args: ['$(COLOR) $$(COLOR)', '$(UNKNOWN)'],
      env: [{ name: 'COLOR', value: 'blue' }],
    }),
    shows: async (pod) => expect(await pod.log()).toBe('blue $(COLOR) $(UNKNOWN)'),
  },
  {
    field: 'spec.containers.workingDir',
    spec: container({ command: ['pwd'], workingDir: '/var/spool' }),
    shows: async (pod) => expect(await pod.log()).toBe('/var/spool'),
  },
];
