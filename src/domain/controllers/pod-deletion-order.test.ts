import { expect, test } from 'vitest';
import type { Pod } from '../meta/types.ts';
import { podDeletionOrder } from './pod-deletion-order.ts';

const now = new Date('2026-03-01T10:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();

type Traits = {
  node?: string;
  phase?: string;
  readyFor?: number;
  cost?: string;
  restarts?: number;
  age?: number;
  uid?: string;
};

const pod = (name: string, { node = 'plc-1', phase = 'Running', ...t }: Traits): Pod => ({
  metadata: {
    name,
    uid: t.uid ?? name,
    creationTimestamp: ago(t.age ?? 1000),
    ...(t.cost === undefined ? {} : { annotations: { 'controller.kubernetes.io/pod-deletion-cost': t.cost } }),
  },
  spec: { nodeName: node, containers: [] },
  status: {
    phase,
    conditions:
      t.readyFor === undefined ? [] : [{ type: 'Ready', status: 'True', lastTransitionTime: ago(t.readyFor) }],
    containerStatuses: [{ name: 'a', image: '', imageID: '', ready: true, restartCount: t.restarts ?? 0 }],
  },
});

const cases: [what: string, first: Traits, later: Traits][] = [
  ['not assigned before assigned', { node: '', readyFor: 9 }, { phase: 'Pending' }],
  ['pending before running', { phase: 'Pending' }, { phase: 'Running' }],
  ['unknown before running', { phase: 'Unknown' }, { phase: 'Running' }],
  ['not ready before ready', { restarts: 0 }, { readyFor: 9, restarts: 9 }],
  ['cheaper before dearer', { readyFor: 900, cost: '-5' }, { readyFor: 1 }],
  ['a cost that is no number counts as none', { readyFor: 900, cost: '-5' }, { readyFor: 1, cost: '-9e9' }],
  ['ready for a shorter time first', { readyFor: 10 }, { readyFor: 500 }],
  ['of about the same time, by uid', { readyFor: 510, uid: 'a' }, { readyFor: 505, uid: 'b' }],
  ['restarted more often first', { readyFor: 100, restarts: 3, age: 900 }, { readyFor: 100, restarts: 1, age: 100 }],
  ['younger first', { readyFor: 100, age: 150 }, { readyFor: 100, age: 900 }],
];

test.each(cases)('%s', (_what, first, later) => {
  const expected = [pod('first', first), pod('later', later)];
  expect(podDeletionOrder(expected, now)).toEqual(expected);
  expect(podDeletionOrder(expected.toReversed(), now)).toEqual(expected);
});
