import { describe, expect, it } from 'vitest';
import { findValues } from './find-values.ts';
import { parseJsonPath } from './parse-json-path.ts';

const object = {
  metadata: { name: 'n', annotations: { 'a.b/c': 'x' } },
  spec: {
    replicas: 3,
    hosts: ['a', 'b', 'c'],
    ports: [
      { name: 'http', port: 80 },
      { name: 'tls', port: 443 },
    ],
  },
  status: {
    conditions: [
      { type: 'Synced', status: 'False' },
      { type: 'Ready', status: 'True' },
    ],
  },
};

describe('JSON paths', () => {
  it.each([
    ['.spec.replicas', [3]],
    ['spec.replicas', [3]],
    ['$.spec.replicas', [3]],
    ['.', [object]],
    ["['spec']['replicas']", [3]],
    ['.spec["hosts"][0]', ['a']],
    ['.spec.hosts[-1]', ['c']],
    ['.spec.hosts[1:]', ['b', 'c']],
    ['.spec.hosts[:2]', ['a', 'b']],
    ['.spec.hosts[0:3:2]', ['a', 'c']],
    ['.spec.hosts[*]', ['a', 'b', 'c']],
    ['.spec.hosts[0,2]', ['a', 'c']],
    ['.spec.ports[*].name', ['http', 'tls']],
    ['.metadata.annotations.a\\.b/c', ['x']],
    ["['metadata']['annotations']['a.b/c']", ['x']],
    ['.status.conditions[?(@.type=="Ready")].status', ['True']],
    [".status.conditions[?(@.type == 'Ready')].status", ['True']],
    ['.status.conditions[?(@.type!="Ready")].status', ['False']],
    ['.spec.ports[?(@.port>100)].name', ['tls']],
    ['.spec.ports[?(@.port<=80)].name', ['http']],
    ['.spec.ports[?(@.missing)].name', []],
    ['.spec.ports[?(@.name)].name', ['http', 'tls']],
    ['..port', [80, 443]],
    ['.spec.missing.deeper', []],
    ['.spec.hosts.name', []],
    ['.toString', []],
    ['.spec.hosts.length', []],
  ])('%s', (text, values) => {
    expect(findValues(parseJsonPath(text)!, object)).toEqual(values);
  });

  it.each(['.spec[', '.spec[]', '.spec[foo]', '.a b', '.spec[?(@.x==)]', '.spec]', `.${'a'.repeat(2000)}`])(
    'does not take %s',
    (text) => {
      expect(parseJsonPath(text)).toBeUndefined();
    },
  );

  it('is bounded when an object is big', () => {
    const big = { list: Array.from({ length: 100_000 }, (_, index) => ({ index })) };
    expect(findValues(parseJsonPath('..index')!, big).length).toBeLessThanOrEqual(10_000);
  });
});
