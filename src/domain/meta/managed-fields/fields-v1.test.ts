import { expect, test } from 'vitest';
import { fieldPaths, readFieldsV1, sortedFields } from './fields-v1.ts';
import { compareElements, keyElement, valueElement } from './path-element.ts';

const ofContainer = {
  'f:spec': {
    'f:ports': {
      'k:{"protocol":"TCP","containerPort":443}': { 'f:name': {} },
      'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} },
    },
    'f:finalizers': { 'v:"b/c"': {}, 'v:"a"': {} },
    'f:args': { 'i:1': {} },
  },
  'f:metadata': { 'f:labels': { 'f:b': {}, '.': {}, 'f:a': {} } },
};

test('the fields of a set, as messages name them', () => {
  expect(fieldPaths(readFieldsV1(ofContainer)!)).toEqual([
    '.metadata.labels',
    '.metadata.labels.a',
    '.metadata.labels.b',
    '.spec.args[1]',
    '.spec.finalizers[="a"]',
    '.spec.finalizers[="b/c"]',
    '.spec.ports[containerPort=80,protocol="TCP"]',
    '.spec.ports[containerPort=80,protocol="TCP"].containerPort',
    '.spec.ports[containerPort=443,protocol="TCP"].name',
  ]);
});

test('it is written in one order, whoever wrote it', () => {
  expect(JSON.stringify(sortedFields(readFieldsV1(ofContainer)!))).toBe(
    String.raw`{"f:metadata":{"f:labels":{".":{},"f:a":{},"f:b":{}}},"f:spec":{"f:args":{"i:1":{}},"f:finalizers":{"v:\"a\"":{},"v:\"b/c\"":{}},"f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}},"k:{\"containerPort\":443,\"protocol\":\"TCP\"}":{"f:name":{}}}}}`,
  );
});

test.each([
  ['no object', 'x'],
  ['a list', []],
  ['a key without kind', { spec: {} }],
  ['no colon', { fx: {} }],
  ['a key that is no JSON', { 'k:{': {} }],
  ['a key that is no object', { 'k:1': {} }],
  ['an index that is no number', { 'i:x': {} }],
  ['a node that is no object', { 'f:a': 1 }],
  ['one deep inside', { 'f:a': { 'f:b': { __proto__x: {} } } }],
])('%s is no set of fields', (_case, value) => expect(readFieldsV1(value)).toBeUndefined());

test('what a later Kubernetes may know is left out', () => {
  expect(readFieldsV1({ 'x:1': {}, 'f:a': {} })).toEqual({ 'f:a': {} });
});

test('names of prototypes are names', () => {
  const set = readFieldsV1(JSON.parse('{"f:__proto__":{"f:constructor":{}}}'))!;
  expect(fieldPaths(set)).toEqual(['.__proto__.constructor']);
  expect(readFieldsV1(JSON.parse('{"__proto__":{}}'))).toBeUndefined();
});

test('elements are spelled as Go spells them', () => {
  expect(valueElement('<a&b>')).toBe(String.raw`v:"\u003ca\u0026b\u003e"`);
  expect(keyElement({ b: 1, a: 'x' })).toBe('k:{"a":"x","b":1}');
});

test.each([
  ['f:b', 'k:{"a":1}'],
  ['k:{"a":9}', 'k:{"a":10}'],
  ['k:{"a":1}', 'k:{"a":1,"b":1}'],
  ['k:{"a":1}', 'k:{"b":0}'],
  ['k:{"z":1}', 'v:"a"'],
  ['v:2', 'v:10'],
  ['v:10', 'v:"1"'],
  ['v:"z"', 'v:true'],
  ['v:true', 'i:0'],
  ['i:2', 'i:10'],
])('%s comes before %s', (a, b) => {
  expect(compareElements(a, b)).toBeLessThan(0);
  expect(compareElements(b, a)).toBeGreaterThan(0);
});
