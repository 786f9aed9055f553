import { expect, test } from 'vitest';
import type { ClusterRole, PolicyRule } from '../meta/types.ts';
import { aggregatedRules } from './aggregated-rules.ts';

const read = (resource: string): PolicyRule => ({ verbs: ['get'], apiGroups: [''], resources: [resource] });
const role = (name: string, labels: Record<string, string>, ...rules: PolicyRule[]): ClusterRole => ({
  metadata: { name, labels },
  rules,
});
const gathering = (...matchLabels: Record<string, string>[]): ClusterRole => ({
  metadata: { name: 'all', labels: { to: 'view' } },
  rules: [read('nothing')],
  aggregationRule: { clusterRoleSelectors: matchLabels.map((labels) => ({ matchLabels: labels })) },
});
const sameInAnotherOrder = { resources: ['a'], apiGroups: [''], verbs: ['get'] };
const others = [
  role('a', { to: 'view' }, read('a')),
  role('b', { to: 'view' }, sameInAnotherOrder, read('b')),
  role('c', { to: 'edit' }, read('c')),
];

test.each<[string, ClusterRole, PolicyRule[] | undefined]>([
  ['what is selected, each once, without itself', gathering({ to: 'view' }), [read('a'), read('b')]],
  ['selectors one after the other', gathering({ to: 'edit' }, { to: 'view' }), [read('c'), read('a'), read('b')]],
  ['nothing selected', gathering({ to: 'nobody' }), []],
  ['no aggregation', role('plain', {}, read('x')), undefined],
])('%s', (_what, gatherer, rules) => {
  expect(aggregatedRules(gatherer, [gatherer, ...others])).toEqual(rules);
});
