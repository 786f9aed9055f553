import { expect, test } from 'vitest';
import type { Pod, PodSpec } from '../meta/types.ts';
import { pods } from './pod.ts';

const amounts = { cpu: '100m', memory: '64Mi' };
const spec: PodSpec = {
  initContainers: [{ name: 'init', image: 'i:1', resources: { requests: amounts } }],
  containers: [{ name: 'web', image: 'i:1', resources: { requests: amounts, limits: { ...amounts, cpu: '1' } } }],
  volumes: [{ name: 'v', emptyDir: {} }],
};
const current: Pod = { metadata: { name: 'web', namespace: 'default', labels: { a: '1' } }, spec };
type Debugger = NonNullable<PodSpec['ephemeralContainers']>[number];
const looker: Debugger = { name: 'look', image: 'busybox' };

/** What is stored, and what is wrong with it. */
function write(part: string, next: Pod, before = current) {
  const prepared = pods.prepareForUpdate(next, before, part);
  const errors = [...pods.validate(prepared, before), ...pods.validateUpdate(prepared, before, part)];
  return { prepared, errors: errors.map(({ field, message }) => `${field}: ${message}`) };
}
const withSpec = (fields: Partial<PodSpec>, metadata = current.metadata!): Pod => ({
  metadata,
  spec: { ...spec, ...fields },
});

test('through the endpoint of a part only the part is written', () => {
  const everything = withSpec({ ephemeralContainers: [looker], activeDeadlineSeconds: 1 }, { name: 'web', labels: {} });
  const { prepared, errors } = write('ephemeralcontainers', everything);
  expect(errors).toEqual([]);
  expect(prepared.spec).toEqual({ ...spec, ephemeralContainers: [looker] });
  expect(prepared.metadata?.labels).toEqual({ a: '1' });
  expect(write('resize', everything).prepared.spec).toEqual(spec);
});

test('ephemeral containers cannot be made with the pod, nor through its own endpoint', () => {
  const added = withSpec({ ephemeralContainers: [looker] });
  expect(pods.validate(added)).toMatchObject([{ field: 'spec.ephemeralContainers' }]);
  expect(pods.validateUpdate(added, current)).toMatchObject([{ field: 'spec' }]);
});

test.each<[string, Debugger[], Debugger[]]>([
  ['spec.ephemeralContainers: Forbidden: existing ephemeral containers "look" may not be removed\n', [looker], []],
  [
    'spec.ephemeralContainers[0]: Forbidden: existing ephemeral containers "look" may not be changed\n',
    [looker],
    [{ ...looker, image: 'other' }],
  ],
  ['spec.ephemeralContainers[0].name: Duplicate value: "web"', [], [{ ...looker, name: 'web' }]],
  [
    'spec.ephemeralContainers[0].targetContainerName: Not found: "nobody"',
    [],
    [{ ...looker, targetContainerName: 'nobody' }],
  ],
  [
    'spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container',
    [],
    [{ ...looker, ports: [{ containerPort: 80 }] }],
  ],
  [
    'spec.ephemeralContainers[0].volumeMounts[0].subPath: Forbidden: cannot be set for an Ephemeral Container',
    [],
    [{ ...looker, volumeMounts: [{ name: 'v', mountPath: '/v', subPath: 'x' }] }],
  ],
])('%s', (message, before, after) => {
  const { errors } = write(
    'ephemeralcontainers',
    withSpec({ ephemeralContainers: after }),
    withSpec({ ephemeralContainers: before }),
  );
  expect(errors).toEqual([message]);
});

const resizedTo = (list: 'containers' | 'initContainers', resources: object) =>
  write('resize', withSpec({ [list]: [{ ...spec[list]![0]!, image: 'other', resources }] }));

test('a resize changes CPU and memory, and nothing else', () => {
  const resources = { requests: { cpu: '200m', memory: '64Mi' }, limits: { cpu: '2', memory: '128Mi' } };
  const { prepared, errors } = resizedTo('containers', resources);
  expect(errors).toEqual([]);
  expect(prepared.spec?.containers[0]).toEqual({ ...spec.containers[0], resources });
});

test.each<[string, 'containers' | 'initContainers', object]>([
  [
    'spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed',
    'containers',
    { requests: amounts, limits: { memory: '64Mi' } },
  ],
  [
    'spec.containers[0].resources: Forbidden: only cpu and memory resources are mutable',
    'containers',
    { requests: amounts, limits: { ...amounts, cpu: '1', 'example.com/gpu': '1' } },
  ],
  [
    'spec.initContainers[0].resources: Forbidden: resources for non-sidecar init containers are immutable',
    'initContainers',
    { requests: { cpu: '200m', memory: '64Mi' } },
  ],
])('%s', (message, list, resources) => expect(resizedTo(list, resources).errors).toContain(message));

test('a resize cannot change how much a pod may count on', () => {
  const before = withSpec({ initContainers: [], containers: [{ name: 'web', image: 'i:1' }] });
  const after = withSpec({ initContainers: [], containers: [{ name: 'web', resources: { requests: amounts } }] });
  expect(write('resize', after, before).errors).toEqual([
    'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
  ]);
});
