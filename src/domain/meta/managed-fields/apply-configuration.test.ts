import { expect, test } from 'vitest';
import { deepFreeze } from '../deep-freeze.ts';
import type { JsonObject } from '../patch/json-value.ts';
import { applyConflict } from './apply-conflict.ts';
import { ManagedObject } from './managed-fields-fixture.ts';
import { endpointFields } from './endpoint-fields.ts';

const configMap = () => new ManagedObject('v1', 'ConfigMap');
const data = (entries: JsonObject): JsonObject => ({ metadata: { name: 'c' }, data: entries });
const pod = (containers: JsonObject[], spec: JsonObject = {}): JsonObject => ({
  metadata: { name: 'p' },
  spec: { ...spec, containers },
});

test('an applier owns exactly what it names', () => {
  const object = configMap();
  expect(object.apply('a', data({ x: '1' }))).toBe('applied');
  expect(object.object).toMatchObject({ data: { x: '1' } });
  expect(object.owners).toEqual({ 'a Apply 1': '.data.x' });
});

test('another value of what somebody else owns is a conflict, until it is forced', () => {
  const object = configMap();
  object.apply('a', data({ x: '1', y: '1' }));
  expect(object.apply('b', data({ x: '2' }))).toBe('a: .data.x');
  expect(object.owners).toEqual({ 'a Apply 1': '.data.x .data.y' });
  expect(object.apply('b', data({ x: '2' }), { force: true })).toBe('applied');
  expect(object.object).toMatchObject({ data: { x: '2', y: '1' } });
  expect(object.owners).toEqual({ 'a Apply 1': '.data.y', 'b Apply 3': '.data.x' });
});

test('the same value is owned by both, and stays when one of them lets go', () => {
  const object = configMap();
  object.apply('a', data({ x: '1' }));
  object.apply('b', data({ x: '1', y: '2' }));
  expect(object.owners).toEqual({ 'a Apply 1': '.data.x', 'b Apply 2': '.data.x .data.y' });
  object.apply('a', data({}));
  expect(object.object).toMatchObject({ data: { x: '1', y: '2' } });
  object.apply('b', data({ y: '2' }));
  expect(object.object).toMatchObject({ data: { y: '2' } });
});

test('who only agrees has changed nothing, and no time', () => {
  const object = configMap();
  object.apply('a', data({ x: '1' }));
  object.apply('b', data({ x: '1' }));
  object.apply('a', data({ x: '1' }));
  expect(object.owners).toEqual({ 'b Apply never': '.data.x', 'a Apply 1': '.data.x' });
});

test('what the applier does not name any more goes', () => {
  const object = configMap();
  object.apply('a', data({ x: '1', y: '1' }));
  object.update('editor', (current) => ({ ...current, data: { ...(current.data as object), z: '1' } }));
  object.apply('a', data({ y: '1' }));
  expect(object.object).toMatchObject({ data: { y: '1', z: '1' } });
  expect(object.owners).toEqual({ 'a Apply 3': '.data.y', 'editor Update 2': '.data.z' });
});

test('a struct goes with its last field, a map that is empty then too', () => {
  const object = new ManagedObject('apps/v1', 'Deployment');
  const strategy = { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } };
  object.apply('a', { metadata: { name: 'd', labels: { l: '1' } }, spec: { replicas: 1, ...strategy } });
  object.apply('a', { metadata: { name: 'd' }, spec: { replicas: 1 } });
  expect(object.object).toMatchObject({ metadata: { name: 'd' }, spec: { replicas: 1 } });
  expect(Object.keys((object.object as JsonObject).spec as object)).toEqual(['replicas']);
});

test('null and empty objects are named too', () => {
  const object = new ManagedObject('apps/v1', 'Deployment');
  object.apply('a', {
    metadata: { name: 'd', creationTimestamp: null },
    spec: { strategy: {}, template: { metadata: { creationTimestamp: null }, spec: { containers: [] } } },
    status: {},
  });
  expect(object.owners).toEqual({ 'a Apply 1': '.spec.strategy .spec.template.metadata.creationTimestamp' });
});

test('containers are told apart by name, ports by number and protocol, which is TCP where nobody says', () => {
  const object = new ManagedObject('v1', 'Pod');
  object.apply('a', pod([{ name: 'a', image: 'i:1', ports: [{ containerPort: 80 }] }]));
  object.apply(
    'b',
    pod([
      { name: 'b', image: 'i:1' },
      { name: 'a', ports: [{ containerPort: 80, protocol: 'UDP' }] },
    ]),
  );
  expect(object.object).toMatchObject({
    spec: {
      containers: [
        { name: 'b', image: 'i:1' },
        { name: 'a', image: 'i:1', ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }] },
      ],
    },
  });
  expect(object.owners['a Apply 1']).toContain('.ports[containerPort=80,protocol="TCP"].containerPort');
  object.apply('a', pod([{ name: 'a', image: 'i:2' }]));
  expect((object.object as JsonObject).spec).toMatchObject({
    containers: [{ name: 'b' }, { name: 'a', image: 'i:2', ports: [{ protocol: 'UDP' }] }],
  });
});

test('sets hold every applier’s elements', () => {
  const object = configMap();
  object.apply('a', { metadata: { name: 'c', finalizers: ['x/1', 'x/2'] } });
  object.apply('b', { metadata: { name: 'c', finalizers: ['x/3'] } });
  expect(object.object.metadata?.finalizers).toEqual(['x/1', 'x/2', 'x/3']);
  object.apply('a', { metadata: { name: 'c', finalizers: ['x/2'] } });
  expect(object.object.metadata?.finalizers).toEqual(['x/2', 'x/3']);
});

test('atomic lists and maps are owned and replaced as a whole', () => {
  const object = new ManagedObject('v1', 'Pod');
  object.apply('a', pod([{ name: 'a', command: ['x', 'y'] }], { nodeSelector: { disk: 'ssd' } }));
  expect(object.owners['a Apply 1']).toContain('.spec.nodeSelector ');
  expect(object.apply('b', pod([{ name: 'a', command: ['x'] }], { nodeSelector: { zone: '1' } }))).toBe(
    'a: .spec.nodeSelector, a: .spec.containers[name="a"].command',
  );
  object.apply('b', pod([{ name: 'a', command: ['x'] }], { nodeSelector: { zone: '1' } }), { force: true });
  expect(object.object).toMatchObject({ spec: { nodeSelector: { zone: '1' }, containers: [{ command: ['x'] }] } });
});

test('custom resources without a schema merge objects and replace lists', () => {
  const object = new ManagedObject('example.com/v1', 'Valve');
  object.apply('a', { metadata: { name: 'v' }, spec: { open: true, limits: { min: 1 }, ports: [1, 2] } });
  object.apply('b', { metadata: { name: 'v' }, spec: { limits: { max: 2 } } });
  expect(object.object).toMatchObject({ spec: { open: true, limits: { min: 1, max: 2 }, ports: [1, 2] } });
  expect(object.apply('b', { metadata: { name: 'v' }, spec: { ports: [3] } })).toBe('a: .spec.ports');
});

test('what was there before anybody applied belongs to before-first-apply', () => {
  const object = configMap();
  object.object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', uid: 'u' }, data: { x: '1' } } as never;
  expect(object.apply('a', data({ x: '2' }))).toBe('before-first-apply: .data.x');
  object.apply('a', data({ x: '2', y: '1' }), { force: true });
  expect(object.owners).toEqual({ 'a Apply 2': '.data.x .data.y', 'before-first-apply Update 2': '.data' });
});

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
const clientSide = (config: JsonObject): JsonObject => ({
  ...config,
  metadata: {
    ...(config.metadata as object),
    annotations: { [annotation]: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', ...config }) },
  },
});

test('kubectl takes over what it applied on the client’s side, and keeps the annotation up to date', () => {
  const object = configMap();
  object.update('kubectl-client-side-apply', () => ({ ...object.object, ...clientSide(data({ x: '1', y: '1' })) }));
  expect(object.apply('flux', data({ x: '2' }))).toBe('kubectl-client-side-apply: .data.x');
  expect(object.apply('kubectl', data({ x: '2', y: '1' }))).toBe('applied');
  expect(JSON.parse(object.object.metadata?.annotations?.[annotation] ?? '')).toEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    ...data({ x: '2', y: '1' }),
  });
});

test('not what somebody has changed since', () => {
  const object = configMap();
  object.update('kubectl-client-side-apply', () => ({ ...object.object, ...clientSide(data({ x: '1', y: '1' })) }));
  object.update('editor', (current) => ({ ...current, data: { x: '3', y: '1' } }));
  expect(object.apply('kubectl', data({ x: '2', y: '2' }))).toBe('editor: .data.x');
});

test.each([
  ['an unknown field', { spec: { foo: 1 } }, '.spec.foo: field not declared in schema'],
  ['a wrong type', { spec: { replicas: 'x' } }, '.spec.replicas: expected numeric (int or float), got string'],
  [
    'a string that is none',
    { spec: { template: { spec: { restartPolicy: 1 } } } },
    '.spec.template.spec.restartPolicy: expected string, got &value.valueUnstructured{Value:1}',
  ],
  ['a boolean that is none', { spec: { paused: 'x' } }, '.spec.paused: expected boolean, got &{x}'],
  ['a map that is none', { spec: [] }, '.spec: expected map, got &{[]}'],
  [
    'a list that is none',
    { spec: { template: { spec: { containers: {} } } } },
    '.spec.template.spec.containers: expected list, got &{map[]}',
  ],
  [
    'a key twice',
    { spec: { template: { spec: { containers: [{ name: 'a' }, { name: 'a' }] } } } },
    '.spec.template.spec.containers: duplicate entries for key [name="a"]',
  ],
  [
    'an element without its key',
    { spec: { template: { spec: { containers: [{ image: 'i' }] } } } },
    '.spec.template.spec.containers: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn\'t have default values for any key fields)',
  ],
  [
    'several',
    { spec: { replicas: 'x', paused: 1 } },
    'errors:\n  .spec.replicas: expected numeric (int or float), got string\n  .spec.paused: expected boolean, got &{1}',
  ],
])('a configuration with %s is refused', (_case, config, message) => {
  const object = new ManagedObject('apps/v1', 'Deployment');
  expect(object.apply('a', { metadata: { name: 'd', namespace: 'n' }, ...(config as JsonObject) })).toBe(
    `failed to create typed patch object (n/d; apps/v1, Kind=Deployment): ${message}`,
  );
});

test.each([
  [{ apiVersion: 'apps/v1beta1' }, 'invalid object type: apps/v1beta1, Kind=ConfigMap'],
  [{ apiVersion: undefined, kind: undefined }, 'invalid object type: /, Kind='],
  [{ kind: 'Secret' }, 'invalid object type: /v1, Kind=Secret'],
  [{ metadata: { managedFields: [] } }, 'metadata.managedFields must be nil'],
])('%j cannot be applied', (config, message) => {
  expect(configMap().apply('a', config as JsonObject)).toBe(message);
});

test('through the status endpoint only the status is owned, through the other everything else', () => {
  const object = new ManagedObject('v1', 'Pod');
  const config = { ...pod([{ name: 'a' }]), status: { phase: 'Running' } };
  object.apply('a', config);
  object.apply('kubelet', config, { subresource: 'status', ownable: endpointFields('status') });
  expect(object.owners).toEqual({
    'a Apply 1': '.spec.containers[name="a"] .spec.containers[name="a"].name',
    'kubelet Apply/status never': '.status.phase',
  });
});

test('the conflict as kubectl shows it', () => {
  const owner = { manager: 'edit "or"', operation: 'Update', apiVersion: 'v1', subresource: 'status' } as const;
  const flux = { manager: 'flux', operation: 'Apply', apiVersion: 'v1' } as const;
  const one = applyConflict([{ owner, path: '.data.x' }]);
  expect(one.status.message).toBe(
    String.raw`Apply failed with 1 conflict: conflict with "edit \"or\"" with subresource "status" using v1: .data.x`,
  );
  const several = applyConflict([
    { owner, path: '.data.x' },
    { owner, path: '.data.y' },
    { owner: flux, path: '.data.z' },
  ]);
  expect(several.status).toMatchObject({
    code: 409,
    reason: 'Conflict',
    message:
      'Apply failed with 3 conflicts: conflicts with "edit \\"or\\"" with subresource "status" using v1:\n- .data.x\n- .data.y\nconflicts with "flux":\n- .data.z',
    details: {
      causes: [
        {
          reason: 'FieldManagerConflict',
          message: String.raw`conflict with "edit \"or\"" with subresource "status" using v1`,
          field: '.data.x',
        },
        { field: '.data.y' },
        { message: 'conflict with "flux"', field: '.data.z' },
      ],
    },
  });
});

test('neither the live object nor the configuration is changed', () => {
  const object = configMap();
  object.apply('a', data({ x: '1' }));
  deepFreeze(object.object);
  expect(object.apply('b', deepFreeze(data({ x: '2', y: '1' })), { force: true })).toBe('applied');
  expect(object.object).toMatchObject({ data: { x: '2', y: '1' } });
});
