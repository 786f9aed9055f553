import { expect, test } from 'vitest';
import type { PolicyRule } from '../meta/types.ts';
import { coverage } from './covers.ts';

const rule = (verbs: string[], resources: string[], more: Partial<PolicyRule> = {}): PolicyRule => ({
  verbs,
  apiGroups: [''],
  resources,
  ...more,
});
const paths = (...nonResourceURLs: string[]): PolicyRule => ({ verbs: ['get'], nonResourceURLs });

// kubernetes staging/src/k8s.io/component-helpers/auth/rbac/validation/policy_comparator_test.go
test.each<[string, PolicyRule[], PolicyRule[]]>([
  ['the same', [rule(['get'], ['pods'])], [rule(['get'], ['pods'])]],
  ['nothing', [], []],
  ['parts of it', [rule(['get', 'list'], ['pods', 'secrets'])], [rule(['list'], ['secrets'])]],
  ['together', [rule(['get'], ['pods']), rule(['list'], ['pods'])], [rule(['get', 'list'], ['pods'])]],
  ['a star', [rule(['*'], ['*'], { apiGroups: ['*'] })], [rule(['x'], ['a', 'b/c'], { apiGroups: ['q'] })]],
  ['a name of all', [rule(['get'], ['pods'])], [rule(['get'], ['pods'], { resourceNames: ['a'] })]],
  ['the subresource of any', [rule(['get'], ['*/scale'])], [rule(['get'], ['deployments/scale'])]],
  ['a path below a star', [paths('/apis/*')], [paths('/apis/apps', '/apis/*')]],
  ['any path', [paths('*')], [paths('/x')]],
])('%s is covered', (_what, owned, wanted) => {
  expect(coverage(owned, wanted)).toEqual({ kind: 'covered' });
});

test.each<[string, PolicyRule[], PolicyRule[], PolicyRule[]]>([
  ['another verb', [rule(['get'], ['pods'])], [rule(['get', 'list'], ['pods'])], [rule(['list'], ['pods'])]],
  [
    'all of names',
    [rule(['get'], ['pods'], { resourceNames: ['a'] })],
    [rule(['get'], ['pods'])],
    [rule(['get'], ['pods'])],
  ],
  [
    'another name',
    [rule(['get'], ['pods'], { resourceNames: ['a'] })],
    [rule(['get'], ['pods'], { resourceNames: ['a', 'b'] })],
    [rule(['get'], ['pods'], { resourceNames: ['b'] })],
  ],
  ['a star', [rule(['get'], ['pods'])], [rule(['*'], ['pods'])], [rule(['*'], ['pods'])]],
  ['a subresource', [rule(['get'], ['pods'])], [rule(['get'], ['pods/log'])], [rule(['get'], ['pods/log'])]],
  ['a resource by its subresource', [rule(['get'], ['*/x'])], [rule(['get'], ['x'])], [rule(['get'], ['x'])]],
  [
    'another group',
    [rule(['get'], ['a'])],
    [rule(['get'], ['a'], { apiGroups: ['', 'q'] })],
    [rule(['get'], ['a'], { apiGroups: ['q'] })],
  ],
  ['paths by resources', [rule(['*'], ['*'], { apiGroups: ['*'] })], [paths('/x')], [paths('/x')]],
  ['resources by paths', [paths('*')], [rule(['get'], ['pods'])], [rule(['get'], ['pods'])]],
  ['a wider path', [paths('/a/*')], [paths('/a')], [paths('/a')]],
])('%s is missing', (_what, owned, wanted, parts) => {
  expect(coverage(owned, wanted)).toEqual({ kind: 'missing', parts });
});

test('what has too many parts is not compared part by part', () => {
  const many = Array.from({ length: 2000 }, (_, index) => `r${index}`);
  expect(coverage([rule(['get'], many)], [rule(many, many)])).toEqual({ kind: 'tooManyParts' });
  expect(coverage([rule(['*'], ['*'])], [rule(many, many)]), 'unless one rule has it all').toEqual({ kind: 'covered' });
});
