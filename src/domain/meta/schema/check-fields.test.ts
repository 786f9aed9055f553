import { expect, test } from 'vitest';
import { checkFields } from './check-fields.ts';
import { schemaOfKind } from './schema-table.ts';

function check(apiVersion: string, kind: string, rest: object) {
  const type = schemaOfKind(apiVersion, kind);
  if (type === undefined) throw new Error(`no schema of ${kind}`);
  return checkFields({ apiVersion, kind, ...rest }, type);
}
const podWith = (container: object) => ({
  metadata: { name: 'p' },
  spec: { containers: [{ name: 'c', image: 'i', ...container }] },
});

test('a good object is unchanged', () => {
  const pod = {
    metadata: { name: 'p', labels: { a: 'b' }, creationTimestamp: '2026-01-02T03:04:05Z' },
    spec: {
      containers: [
        { name: 'c', image: 'i', ports: [{ containerPort: 80 }], resources: { limits: { memory: '64Mi' } } },
      ],
      volumes: [{ name: 'v', emptyDir: { sizeLimit: '1Gi' } }],
    },
  };
  expect(check('v1', 'Pod', pod)).toEqual({
    object: { apiVersion: 'v1', kind: 'Pod', ...pod },
    unknown: [],
    typeErrors: [],
  });
});

test('unknown fields are named with keys and indexes, and left out', () => {
  const result = check('apps/v1', 'Deployment', {
    foo: 1,
    spec: { replica: 1, template: { spec: { containers: [{ name: 'a' }, { name: 'b', imag: 'x', Image: 'y' }] } } },
  });
  expect(result.unknown).toEqual([
    'unknown field "foo"',
    'unknown field "spec.replica"',
    'unknown field "spec.template.spec.containers[1].imag"',
    'unknown field "spec.template.spec.containers[1].Image"',
  ]);
  expect(result.object).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    spec: { template: { spec: { containers: [{ name: 'a' }, { name: 'b' }] } } },
  });
});

test('names from the prototype are unknown fields, and __proto__ is a plain map key', () => {
  expect(check('v1', 'Pod', { constructor: {}, toString: 1 }).unknown).toHaveLength(2);
  const data = JSON.parse('{"data":{"__proto__":"x"}}') as object;
  expect(JSON.stringify(check('v1', 'ConfigMap', data).object)).toContain('"__proto__":"x"');
});

test.each([
  [
    'apps/v1',
    'Deployment',
    { spec: { replicas: '3' } },
    'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    'apps/v1',
    'Deployment',
    { spec: { replicas: 1.5 } },
    'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    'apps/v1',
    'Deployment',
    { spec: { replicas: 2 ** 31 } },
    'json: cannot unmarshal number 2147483648 into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    'apps/v1',
    'Deployment',
    { spec: { template: [] } },
    'json: cannot unmarshal array into Go struct field DeploymentSpec.spec.template of type v1.PodTemplateSpec',
  ],
  [
    'v1',
    'Pod',
    { metadata: { labels: { a: 1 } } },
    'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
  ],
  [
    'v1',
    'Pod',
    { metadata: { labels: 'a' } },
    'json: cannot unmarshal string into Go struct field ObjectMeta.metadata.labels of type map[string]string',
  ],
  [
    'v1',
    'Pod',
    podWith({ args: [1] }),
    'json: cannot unmarshal number into Go struct field Container.spec.containers.args of type string',
  ],
  [
    'v1',
    'Pod',
    podWith({ env: [{ name: 'A', value: true }] }),
    'json: cannot unmarshal bool into Go struct field EnvVar.spec.containers.env.value of type string',
  ],
  [
    'v1',
    'Pod',
    { spec: { containers: { name: 'c' } } },
    'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
  ],
  [
    'v1',
    'Pod',
    { spec: { hostNetwork: 'yes' } },
    'json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool',
  ],
  [
    'v1',
    'Pod',
    podWith({ resources: { limits: 'x' } }),
    'json: cannot unmarshal string into Go struct field ResourceRequirements.spec.containers.resources.limits of type v1.ResourceList',
  ],
  [
    'v1',
    'Pod',
    podWith({ livenessProbe: { httpGet: { port: true } } }),
    'json: cannot unmarshal bool into Go struct field HTTPGetAction.spec.containers.livenessProbe.httpGet.port of type int32',
  ],
  [
    'v1',
    'Pod',
    { metadata: { creationTimestamp: 5 } },
    'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.creationTimestamp of type string',
  ],
  [
    'v1',
    'Secret',
    { data: { a: 1 } },
    'json: cannot unmarshal number into Go struct field Secret.data of type []uint8',
  ],
])('%s %s %j: %s', (apiVersion, kind, rest, message) => {
  expect(check(apiVersion, kind, rest).typeErrors).toEqual([message]);
});

test.each([
  [podWith({ resources: { limits: { memory: '64KM' } } }), "unable to parse quantity's suffix"],
  [
    podWith({ resources: { limits: { memory: 'much' } } }),
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
  [
    { metadata: { creationTimestamp: 'soon' } },
    'parsing time "soon" as "2006-01-02T15:04:05Z07:00": cannot parse "soon" as "2006"',
  ],
])('%j is malformed: %s', (rest, message) => {
  expect(check('v1', 'Pod', rest).typeErrors).toEqual([message]);
});

test.each([
  ['YQ==', undefined],
  ['YWJj\nYWJj', undefined],
  ['', undefined],
  ['YQ', 'illegal base64 data at input byte 0'],
  ['YWJjYQ', 'illegal base64 data at input byte 4'],
  ['YW!j', 'illegal base64 data at input byte 2'],
  ['YQ=', 'illegal base64 data at input byte 3'],
  ['YQ==YQ==', 'illegal base64 data at input byte 4'],
  ['=', 'illegal base64 data at input byte 0'],
])('base64 %j: %s', (text, message) => {
  expect(check('v1', 'Secret', { data: { a: text } }).typeErrors).toEqual(message === undefined ? [] : [message]);
});

test('a number is a quantity, null is absent, and null in a list or map is the zero value', () => {
  const result = check('v1', 'Pod', {
    metadata: { creationTimestamp: null, annotations: { a: null } },
    spec: { nodeSelector: null, containers: [null, { name: 'c', args: [null], resources: { limits: { cpu: 2 } } }] },
    status: {},
  });
  expect(result).toEqual({
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { annotations: { a: '' } },
      spec: { containers: [{}, { name: 'c', args: [''], resources: { limits: { cpu: '2' } } }] },
      status: {},
    },
    unknown: [],
    typeErrors: [],
  });
});

test('an empty list or map is absent, unless it is required; an empty struct is there', () => {
  const result = check('v1', 'Pod', {
    metadata: { annotations: {}, finalizers: [], labels: { a: '' } },
    spec: { containers: [], volumes: [], securityContext: {} },
  });
  expect(result.object).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { labels: { a: '' } },
    spec: { containers: [], securityContext: {} },
  });
});

test('a zero is absent, unless it is required or a pointer in Go', () => {
  const result = check('v1', 'Pod', {
    spec: {
      nodeName: '',
      hostNetwork: false,
      enableServiceLinks: false,
      priority: 0,
      containers: [
        {
          name: '',
          image: '',
          env: [{ name: 'A', value: '' }],
          ports: [{ containerPort: 0, hostPort: 0 }],
          args: [''],
        },
      ],
    },
  });
  expect(result.object).toMatchObject({
    spec: {
      enableServiceLinks: false,
      priority: 0,
      containers: [{ name: '', env: [{ name: 'A' }], ports: [{ containerPort: 0 }], args: [''] }],
    },
  });
  expect(JSON.stringify(result.object)).not.toMatch(/nodeName|hostNetwork|image|value|hostPort/);
});

test('free-form values are taken as they are', () => {
  const data = { data: { anything: [1, null, { x: true }] } };
  expect(check('apps/v1', 'ControllerRevision', { revision: 1, ...data }).object).toMatchObject(data);
});

test('something else than an object is no kind', () => {
  const type = schemaOfKind('v1', 'Pod');
  expect(type && checkFields([], type).typeErrors).toEqual([
    'json: cannot unmarshal array into Go value of type v1.Pod',
  ]);
});

test('reports are bounded', () => {
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, 1]));
  const result = check('v1', 'Pod', { ...many, metadata: { labels: many } });
  expect([result.unknown.length, result.typeErrors.length]).toEqual([100, 100]);
});
