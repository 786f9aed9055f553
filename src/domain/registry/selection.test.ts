import { expect, test } from 'vitest';
import type { Pod } from '../meta/types.ts';
import type { ChangeEvent } from '../meta/watch-event.ts';
import { configMaps } from '../resources/config-map.ts';
import { pods } from '../resources/pod.ts';
import { changeWithin, parseSelection } from './selection.ts';

const pod = (app: string, phase: string, namespace = 'default'): Pod => ({
  metadata: { name: 'p', namespace, labels: { app }, resourceVersion: '1' },
  spec: { containers: [], nodeName: 'node-1' },
  status: { phase },
});

const selection = (labelSelector: string, fieldSelector = '', namespace?: string) =>
  parseSelection(pods, { namespace, labelSelector, fieldSelector });

test('labels and fields must both match', () => {
  const { matches, isPartial } = selection('app in (a,b)', 'status.phase!=Failed,spec.nodeName=node-1');
  expect(isPartial).toBe(true);
  expect([pod('a', 'Running'), pod('c', 'Running'), pod('b', 'Failed')].map(matches)).toEqual([true, false, false]);
});

test('fields that the kind does not offer are a bad request in the words of the kind', () => {
  expect(() => selection('', 'spec.foo=1')).toThrow('field label not supported: spec.foo');
  expect(() => parseSelection(configMaps, { namespace: 'x', labelSelector: '', fieldSelector: 'data=1' })).toThrow(
    '"data" is not a known field selector: only "metadata.name", "metadata.namespace"',
  );
});

const change = (type: ChangeEvent['type'], object: Pod, previous?: Pod): ChangeEvent<Pod> => ({
  type,
  resourceVersion: 7,
  object,
  ...(previous ? { previous } : {}),
});

const a = pod('a', 'Running');
const b = pod('b', 'Running');

test.each([
  ['appears', change('ADDED', a), 'ADDED'],
  ['appears elsewhere', change('ADDED', b), undefined],
  ['stays', change('MODIFIED', a, a), 'MODIFIED'],
  ['starts to match', change('MODIFIED', a, b), 'ADDED'],
  ['stops to match', change('MODIFIED', b, a), 'DELETED'],
  ['changes elsewhere', change('MODIFIED', b, b), undefined],
  ['goes', change('DELETED', a, a), 'DELETED'],
  ['goes elsewhere', change('DELETED', b, b), undefined],
  ['stops to match as it goes', change('DELETED', b, a), 'DELETED'],
])('an object that %s', (_name, event, expected) => {
  expect(changeWithin(selection('app=a'), event)?.type).toBe(expected);
});

test('what stops to match goes with its last matching state and the version of the change', () => {
  const gone = changeWithin(selection('app=a'), change('MODIFIED', b, a));
  expect(gone?.object.metadata).toMatchObject({ labels: { app: 'a' }, resourceVersion: '7' });
});

test('other namespaces do not show', () => {
  expect(changeWithin(selection('', '', 'other'), change('ADDED', a))).toBeUndefined();
});
