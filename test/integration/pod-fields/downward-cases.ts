import { expect } from 'vitest';
import { eventually } from '../../conformance/runtime/eventually.ts';
import { BUSYBOX, busybox, STAY } from '../pods.ts';
import type { FieldCase } from './field-case.ts';

const field = (path: string, fieldPath: string, more: object = {}) => ({ path, fieldRef: { fieldPath }, ...more });
const amount = (path: string, resource: string, divisor: string) => ({
  path,
  resourceFieldRef: { containerName: 'main', resource, divisor },
});

/** The same items by a volume of their own, and by a projected one. */
const twice = (items: readonly object[], container: object, defaultMode?: number) => ({
  volumes: [
    { name: 'own', downwardAPI: { items, ...(defaultMode === undefined ? {} : { defaultMode }) } },
    {
      name: 'projected',
      projected: { sources: [{ downwardAPI: { items } }], ...(defaultMode === undefined ? {} : { defaultMode }) },
    },
  ],
  containers: [
    {
      name: 'main',
      image: BUSYBOX,
      volumeMounts: ['own', 'projected'].map((name) => ({ name, mountPath: `/${name}` })),
      ...container,
    },
  ],
});

const prints = (...files: string[]) => [
  'sh',
  '-c',
  `for v in /own /projected; do cd $v; echo $(for f in ${files.join(' ')}; do cat $f; echo; done); done; stat -L -c %a /*/name /*/moded 2>/dev/null; true`,
];

/** What a pod is told of itself, in files. */
export const downwardCases: readonly FieldCase[] = [
  {
    field: 'spec.volumes.downwardAPI (of its own and projected)',
    spec: {
      restartPolicy: 'Never',
      ...twice(
        [
          field('name', 'metadata.name'),
          field('moded', 'metadata.name', { mode: 0o400 }),
          amount('cpu_limit', 'limits.cpu', '1m'),
          amount('cpu_request', 'requests.cpu', '1m'),
          amount('memory_limit', 'limits.memory', '1Mi'),
          amount('memory_request', 'requests.memory', '1Mi'),
        ],
        {
          command: prints('name', 'cpu_limit', 'cpu_request', 'memory_limit', 'memory_request'),
          resources: { requests: { cpu: '250m', memory: '32Mi' }, limits: { cpu: '1250m', memory: '64Mi' } },
        },
        0o440,
      ),
    },
    shows: async (pod) => {
      const line = `${pod.name} 1250 250 64 32`;
      expect(await pod.log()).toBe([line, line, '440', '440', '400', '400'].join('\n'));
    },
  },
  {
    field: 'spec.volumes.downwardAPI (without limits)',
    spec: {
      restartPolicy: 'Never',
      ...twice(
        [
          field('name', 'metadata.name'),
          amount('cpu_limit', 'limits.cpu', '1m'),
          amount('memory_limit', 'limits.memory', '1Ki'),
        ],
        { command: prints('cpu_limit', 'memory_limit') },
      ),
    },
    shows: async (pod) => {
      const path = '{.items[0].status.allocatable.cpu}000 {.items[0].status.allocatable.memory}';
      const line = (await pod.kubectl.run(['get', 'nodes', '-o', `jsonpath=${path}`])).replace(/Ki$/, '');
      expect((await pod.log()).split('\n').slice(0, 2)).toEqual([line, line]);
    },
  },
  {
    field: 'spec.volumes.downwardAPI (changed while it is mounted)',
    until: 'Running',
    metadata: { labels: { line: 'four' }, annotations: { site: 'north' } },
    spec: twice([field('labels', 'metadata.labels'), field('annotations', 'metadata.annotations')], busybox(STAY)),
    shows: async (pod) => {
      const look = ['exec', pod.name, '--', 'sh', '-c', 'cat /own/* /projected/*'];
      expect((await pod.kubectl.run(look)).match(/line="four"|site="north"/g)).toHaveLength(4);
      await pod.kubectl.run(`label --overwrite pod ${pod.name} line=five`);
      await pod.kubectl.run(`annotate --overwrite pod ${pod.name} site=south`);
      const changed = async () =>
        (await pod.kubectl.run(look)).match(/line="five"|site="south"/g)?.length === 4 ? true : undefined;
      await eventually('both volumes have changed', changed, 5000);
    },
  },
];
