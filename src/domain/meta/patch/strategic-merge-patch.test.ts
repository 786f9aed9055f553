import { describe, expect, test } from 'vitest';
import { schemaType } from '../schema/schema-table.ts';
import { applyStrategicMergePatch } from './strategic-merge-patch.ts';

function apply(type: string, current: unknown, patch: unknown): unknown {
  const schema = schemaType(type);
  if (schema === undefined) throw new Error(`no schema ${type}`);
  const before = structuredClone([current, patch]);
  const result = applyStrategicMergePatch(current, patch, schema);
  expect([current, patch]).toEqual(before);
  return result.kind === 'patched' ? result.object : `${result.code}: ${result.message}`;
}

/** What is expected, spelled out in order: the order of lists is what much of this is about. */
type Case = readonly [name: string, current: object, patch: object, expected: unknown];
const table = (type: string, cases: readonly Case[]) =>
  test.each(cases)('%s', (_name, current, patch, expected) => {
    expect(JSON.stringify(apply(type, current, patch))).toBe(JSON.stringify(expected));
  });

describe('objects and maps', () =>
  table('v1.Pod', [
    ['a scalar is replaced', { spec: { nodeName: 'a' } }, { spec: { nodeName: 'b' } }, { spec: { nodeName: 'b' } }],
    [
      'null deletes',
      { metadata: { name: 'p', labels: { a: '1', b: '2' } } },
      { metadata: { labels: { a: null } } },
      { metadata: { name: 'p', labels: { b: '2' } } },
    ],
    [
      'null for what is not there changes nothing',
      { metadata: {} },
      { metadata: { labels: null }, spec: { nodeName: null } },
      { metadata: {}, spec: {} },
    ],
    [
      'nulls inside a new value are dropped',
      {},
      { metadata: { labels: { a: '1', b: null } } },
      { metadata: { labels: { a: '1' } } },
    ],
    [
      'labels merge',
      { metadata: { labels: { a: '1' } } },
      { metadata: { labels: { b: '2' } } },
      { metadata: { labels: { a: '1', b: '2' } } },
    ],
    [
      '$patch: replace replaces a map',
      { metadata: { labels: { a: '1' } } },
      { metadata: { labels: { $patch: 'replace', b: '2' } } },
      { metadata: { labels: { b: '2' } } },
    ],
    [
      '$patch: delete empties a map',
      { metadata: { labels: { a: '1' } } },
      { metadata: { labels: { $patch: 'delete' } } },
      { metadata: { labels: {} } },
    ],
    [
      '$patch: replace replaces the whole object',
      { metadata: { name: 'p' }, spec: {} },
      { $patch: 'replace', metadata: { name: 'q' } },
      { metadata: { name: 'q' } },
    ],
    [
      'an unknown $patch is refused',
      { metadata: { labels: {} } },
      { metadata: { labels: { $patch: 'swap' } } },
      'BadRequest: unknown patch type: swap in map: map[$patch:swap]',
    ],
    [
      'another JSON type replaces',
      { spec: { nodeSelector: 'x' } },
      { spec: { nodeSelector: { a: 'b' } } },
      { spec: { nodeSelector: { a: 'b' } } },
    ],
    ['a field without a type is taken as it is', {}, { spec: { foo: { a: [1] } } }, { spec: { foo: { a: [1] } } }],
    [
      'two values of a field without a type cannot merge',
      { spec: { foo: {} } },
      { spec: { foo: {} } },
      'BadRequest: unable to find api field in struct PodSpec for the json field "foo"',
    ],
    [
      'apiVersion and kind',
      { apiVersion: 'v1', kind: 'Pod' },
      { apiVersion: 'v1', kind: 'Pod' },
      { apiVersion: 'v1', kind: 'Pod' },
    ],
    [
      'a toleration list has no strategy: replaced',
      { spec: { tolerations: [{ key: 'a' }] } },
      { spec: { tolerations: [{ key: 'b' }] } },
      { spec: { tolerations: [{ key: 'b' }] } },
    ],
  ]));

describe('lists of objects', () => {
  const containers = (...list: object[]) => ({ containers: list });
  table('v1.PodSpec', [
    [
      'elements merge by name, new ones come first in the patch order',
      containers({ name: 'a', image: '1' }),
      containers({ name: 'b', image: '2' }, { name: 'a', tty: true }),
      containers({ name: 'b', image: '2' }, { name: 'a', image: '1', tty: true }),
    ],
    [
      'untouched elements stay',
      containers({ name: 'a', image: '1' }, { name: 'b', image: '2' }),
      containers({ name: 'b', image: '3' }),
      containers({ name: 'a', image: '1' }, { name: 'b', image: '3' }),
    ],
    [
      'a new element goes before those the patch does not name',
      containers({ name: 'a' }, { name: 'b' }),
      containers({ name: 'c' }),
      containers({ name: 'c' }, { name: 'a' }, { name: 'b' }),
    ],
    [
      '$patch: delete removes an element',
      containers({ name: 'a' }, { name: 'b' }),
      containers({ name: 'a', $patch: 'delete' }),
      containers({ name: 'b' }),
    ],
    [
      '$patch: delete of what is not there',
      containers({ name: 'a' }),
      containers({ name: 'x', $patch: 'delete' }),
      containers({ name: 'a' }),
    ],
    [
      '$patch: replace as an element replaces the list',
      containers({ name: 'a' }, { name: 'b' }),
      containers({ $patch: 'replace' }, { name: 'c' }),
      containers({ name: 'c' }),
    ],
    [
      '$patch: replace alone empties the list',
      containers({ name: 'a' }),
      containers({ $patch: 'replace' }),
      containers(),
    ],
    [
      '$patch: merge of an element is refused',
      containers({ name: 'a' }),
      containers({ name: 'a', $patch: 'merge' }),
      'BadRequest: merging lists cannot yet be specified in the patch',
    ],
    [
      'directives are dropped where there was no list',
      {},
      containers({ name: 'a', $patch: 'delete' }, { name: 'b', image: null }),
      containers({ name: 'b' }),
    ],
    ['an empty patch list changes nothing', containers({ name: 'a' }), containers(), containers({ name: 'a' })],
    ['null deletes the list', { ...containers({ name: 'a' }), nodeName: 'n' }, { containers: null }, { nodeName: 'n' }],
    [
      'lists inside elements merge too',
      containers({ name: 'a', env: [{ name: 'X', value: '1' }] }),
      containers({ name: 'a', env: [{ name: 'Y', value: '2' }] }),
      containers({
        name: 'a',
        env: [
          { name: 'Y', value: '2' },
          { name: 'X', value: '1' },
        ],
      }),
    ],
    [
      'lists of scalars without strategy are replaced',
      containers({ name: 'a', args: ['x', 'y'] }),
      containers({ name: 'a', args: ['z'] }),
      containers({ name: 'a', args: ['z'] }),
    ],
    [
      'an element without its key is refused',
      containers({ name: 'a' }),
      containers({ image: 'x' }),
      'BadRequest: map: map[image:x] does not contain declared merge key: name',
    ],
    [
      'mixed elements are refused',
      containers({ name: 'a' }),
      { containers: ['a'] },
      'BadRequest: list element types are not identical: [map[name:a] a]',
    ],
    [
      'lists of lists are refused',
      containers({ name: 'a' }),
      { containers: [['a']] },
      'Invalid: lists of lists are not supported',
    ],
    [
      'ports merge by containerPort: the first of that number',
      containers({
        name: 'a',
        ports: [
          { containerPort: 53, protocol: 'UDP' },
          { containerPort: 53, protocol: 'TCP' },
        ],
      }),
      containers({ name: 'a', ports: [{ containerPort: 53, name: 'dns' }] }),
      containers({
        name: 'a',
        ports: [
          { containerPort: 53, protocol: 'UDP', name: 'dns' },
          { containerPort: 53, protocol: 'TCP' },
        ],
      }),
    ],
  ]);
});

describe('$setElementOrder', () => {
  const named = (names: string) => names.split('').map((name) => ({ name }));
  const order = (names: string) => ({ '$setElementOrder/containers': named(names) });
  table('v1.PodSpec', [
    ['alone it reorders', { containers: named('abc') }, order('cab'), { containers: named('cab') }],
    [
      'it orders what is patched',
      { containers: named('ab') },
      { ...order('cab'), containers: named('c') },
      { containers: named('cab') },
    ],
    [
      'elements that only the server has keep their place among those it knows',
      { containers: named('asb') },
      { ...order('ab'), containers: [{ name: 'b', image: '2' }] },
      { containers: [{ name: 'a' }, { name: 's' }, { name: 'b', image: '2' }] },
    ],
    [
      'and go before the first one that followed them',
      { containers: named('asb') },
      order('ba'),
      { containers: named('sba') },
    ],
    [
      'it comes with deletions',
      { containers: named('abc') },
      { ...order('ca'), containers: [{ name: 'b', $patch: 'delete' }] },
      { containers: named('ca') },
    ],
    ['a new list', {}, { ...order('ab'), containers: named('ab') }, { containers: named('ab') }],
    ['nothing to order', { nodeName: 'n' }, order('ab'), { nodeName: 'n' }],
    [
      'a patch in another order is refused',
      { containers: named('ab') },
      { ...order('ab'), containers: named('ba') },
      "BadRequest: The order in patch list:\n[map[name:b] map[name:a]]\n doesn't match $setElementOrder list:\n[map[name:a] map[name:b]]\n",
    ],
    [
      'no list is refused',
      {},
      { '$setElementOrder/containers': 'a' },
      'BadRequest: invalid patch format of setElementOrder list',
    ],
    [
      'null for a list that has an order is refused',
      { containers: named('a') },
      { ...order('a'), containers: null },
      'BadRequest: expected a list for "containers"',
    ],
  ]);
});

describe('lists of scalars', () =>
  table('meta/v1.ObjectMeta', [
    ['merge as a set', { finalizers: ['a', 'b'] }, { finalizers: ['c', 'b'] }, { finalizers: ['c', 'a', 'b'] }],
    [
      '$deleteFromPrimitiveList deletes',
      { finalizers: ['a', 'b', 'c'] },
      { '$deleteFromPrimitiveList/finalizers': ['b', 'x'] },
      { finalizers: ['a', 'c'] },
    ],
    [
      'deleting and adding at once',
      { finalizers: ['a', 'b'] },
      { '$deleteFromPrimitiveList/finalizers': ['a'], finalizers: ['c'] },
      { finalizers: ['c', 'b'] },
    ],
    ['deleting from nothing', { name: 'x' }, { '$deleteFromPrimitiveList/finalizers': ['a'] }, { name: 'x' }],
    [
      'no list is refused',
      { finalizers: ['a'] },
      { '$deleteFromPrimitiveList/finalizers': 'a' },
      'BadRequest: invalid patch format of primitive list',
    ],
    [
      'they take an order',
      { finalizers: ['a', 'b'] },
      { '$setElementOrder/finalizers': ['c', 'b', 'a'], finalizers: ['c'] },
      { finalizers: ['c', 'b', 'a'] },
    ],
    [
      'owner references merge by uid',
      { ownerReferences: [{ uid: '1', name: 'a' }] },
      { ownerReferences: [{ uid: '1', controller: true }] },
      { ownerReferences: [{ uid: '1', name: 'a', controller: true }] },
    ],
  ]));

describe('$retainKeys', () => {
  table('apps/v1.DeploymentSpec', [
    [
      'drops what it does not name',
      { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } },
      { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
      { strategy: { type: 'Recreate' } },
    ],
    [
      'keeps what it names',
      { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } },
      { strategy: { $retainKeys: ['type', 'rollingUpdate'], rollingUpdate: { maxUnavailable: 1 } } },
      { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } },
    ],
    [
      'a patched key must be among them',
      { strategy: {} },
      { strategy: { $retainKeys: ['type'], rollingUpdate: {} } },
      'BadRequest: invalid patch format of retainKeys',
    ],
    [
      'no list is refused',
      { strategy: {} },
      { strategy: { $retainKeys: 'type' } },
      'BadRequest: invalid patch format of retainKeys',
    ],
  ]);
  table('v1.PodSpec', [
    [
      'changes the kind of a volume',
      { volumes: [{ name: 'v', emptyDir: {} }] },
      { volumes: [{ name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/x' } }] },
      { volumes: [{ name: 'v', hostPath: { path: '/x' } }] },
    ],
  ]);
});

test('a struct whose strategy is replace is replaced', () => {
  const current = { selector: { matchLabels: { a: '1' } } };
  expect(apply('policy/v1.PodDisruptionBudgetSpec', current, { selector: { matchLabels: { b: '2' } } })).toEqual({
    selector: { matchLabels: { b: '2' } },
  });
});

test('values in maps of structs and quantities merge', () => {
  const resources = (limits: object) => ({ limits });
  expect(apply('v1.ResourceRequirements', resources({ cpu: '1' }), resources({ memory: '1Gi' }))).toEqual(
    resources({ cpu: '1', memory: '1Gi' }),
  );
});

test.each([[[]], ['x'], [null]])('%j is no patch', (patch) => {
  expect(apply('v1.Pod', {}, patch)).toBe('BadRequest: invalid JSON document');
});

test('__proto__ is a key like any other', () => {
  const patch: unknown = JSON.parse('{"metadata":{"annotations":{"__proto__":"x"}},"__proto__":{"polluted":true}}');
  expect(JSON.stringify(apply('v1.Pod', { metadata: { annotations: {} } }, patch))).toBe(
    '{"metadata":{"annotations":{"__proto__":"x"}},"__proto__":{"polluted":true}}',
  );
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('long lists merge in linear time', () => {
  const list = (count: number, extra: object) => Array.from({ length: count }, (_, i) => ({ name: `n${i}`, ...extra }));
  const merged = apply('v1.PodSpec', { containers: list(20_000, {}) }, { containers: list(20_000, { tty: true }) });
  expect((merged as { containers: unknown[] }).containers).toHaveLength(20_000);
});
