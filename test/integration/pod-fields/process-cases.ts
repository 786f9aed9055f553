import { expect } from 'vitest';
import { K2D_IMAGE } from '../k2d.ts';
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
    field: 'spec.containers.command (with variables)',
    spec: container({
      command: ['sh', '-c', "echo '$(COLOR) $$(COLOR) $(UNKNOWN)'"],
      env: [{ name: 'COLOR', value: 'blue' }],
    }),
    shows: async (pod) => expect(await pod.log()).toBe('blue $(COLOR) $(UNKNOWN)'),
  },
  {
    field: 'spec.containers.command (none: what the image says)',
    spec: {
      restartPolicy: 'Never',
      containers: [
        // The image's entrypoint is `k2d`, its arguments are `serve`.
        { name: 'neither', image: K2D_IMAGE, env: [{ name: 'K2D_RUNTIME', value: 'nonsense' }] },
        { name: 'args', image: K2D_IMAGE, args: ['nonsense'] },
        { name: 'command', image: K2D_IMAGE, command: ['node'] },
        { name: 'both', image: K2D_IMAGE, command: ['node'], args: ['-p', '"own words"'] },
      ],
    },
    until: 'Failed',
    shows: async (pod) => {
      expect(await pod.log('neither')).toContain('K2D_RUNTIME');
      expect(await pod.log('args')).toContain('nonsense');
      expect(await pod.log('command')).toBe('');
      expect(await pod.log('both')).toBe('own words');
    },
  },
  {
    field: 'spec.containers.workingDir',
    spec: container({ command: ['pwd'], workingDir: '/var/spool' }),
    shows: async (pod) => expect(await pod.log()).toBe('/var/spool'),
  },
];
