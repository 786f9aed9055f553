import type { Random } from '../../../domain/meta/seeded-random.ts';

/** Names that break what is careless: with encoded slashes, too long, inherited by every JavaScript object. */
export const names = [
  'a',
  'web',
  '__proto__',
  'constructor',
  '%2e%2e',
  '..%2f..',
  '%00',
  'x'.repeat(300),
  'ünï',
  'a/b',
  '%',
  '*',
  '',
];

export const keys = [
  'metadata',
  'spec',
  'status',
  'kind',
  'apiVersion',
  'name',
  'namespace',
  'labels',
  'annotations',
  'data',
  'containers',
  'template',
  'selector',
  'matchLabels',
  'replicas',
  'ports',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '$patch',
  '$retainKeys',
  '$setElementOrder/containers',
  '$deleteFromPrimitiveList/finalizers',
  'k'.repeat(5000),
  '',
];

export const values = [
  '',
  '0',
  '-1',
  '1',
  '99999999999999999999',
  'true',
  'All',
  'Strict',
  'a=b',
  'a in (b',
  '!a,',
  'metadata.name=x',
  'Exact',
  'NotOlderThan',
  'e30',
  '%7B',
  '\u0000',
  'x'.repeat(2000),
  'Orphan',
  'NaN',
];

/** Any JSON, nested so deep at most. */
export function arbitraryValue(random: Random, depth: number): unknown {
  const { below, pick, maybe } = random;
  switch (below(depth > 0 ? 9 : 6)) {
    case 0:
      return pick(values);
    case 1:
      return pick([0, -1, 1e308, 2 ** 53, 0.1]);
    case 2:
      return maybe(0.5);
    case 3:
      return null;
    case 4:
      return pick(names);
    case 5:
      return pick(['v1', 'apps/v1', 'Pod', 'Deployment', 'ConfigMap', 'default']);
    case 6:
      return Array.from({ length: below(4) }, () => arbitraryValue(random, depth - 1));
    default:
      return arbitraryObject(random, depth - 1);
  }
}

/** Built as text, since `__proto__` in a literal is no key. */
export function arbitraryObject(random: Random, depth: number): unknown {
  const members = Array.from(
    { length: random.below(6) },
    () => `${JSON.stringify(random.pick(keys))}:${JSON.stringify(arbitraryValue(random, depth)) ?? 'null'}`,
  );
  return JSON.parse(`{${members.join(',')}}`);
}
