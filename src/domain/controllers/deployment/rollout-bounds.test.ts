import { expect, test } from 'vitest';
import type { Deployment } from '../../meta/types.ts';
import { rolloutBounds } from './rollout-bounds.ts';

type Amount = number | string;

const rolling = (replicas: number, maxSurge: Amount, maxUnavailable: Amount): Deployment => ({
  spec: {
    replicas,
    selector: {},
    template: {},
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
  },
});

/** Kubernetes' own examples, deployment_util_test.go TestResolveFenceposts and TestMaxUnavailable. */
const cases: [replicas: number, maxSurge: Amount, maxUnavailable: Amount, maxTotal: number, minAvailable: number][] = [
  [1, '25%', '25%', 2, 1],
  [3, '25%', '25%', 4, 3],
  [4, '25%', '25%', 5, 3],
  [10, '25%', '25%', 13, 8],
  [10, '0%', '0%', 10, 9],
  [3, 0, 0, 3, 2],
  [1, 0, 0, 1, 0],
  [10, 2, 5, 12, 5],
  [4, '100%', '100%', 8, 0],
  [3, 1, 5, 4, 0],
  [0, '25%', '25%', 0, 0],
  [0, 1, 1, 1, 0],
];

test.each(cases)(
  '%i replicas, surge %s, unavailable %s: at most %i, at least %i',
  (replicas, s, u, maxTotal, minAvailable) => {
    expect(rolloutBounds(rolling(replicas, s, u))).toEqual({ replicas, maxTotal, minAvailable });
  },
);

test('Recreate has no room for more and promises no availability beyond replicas', () => {
  const deployment: Deployment = { spec: { replicas: 3, selector: {}, template: {}, strategy: { type: 'Recreate' } } };
  expect(rolloutBounds(deployment)).toEqual({ replicas: 3, maxTotal: 3, minAvailable: 3 });
});
