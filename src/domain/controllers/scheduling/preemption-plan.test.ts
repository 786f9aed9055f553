import { describe, expect, it } from 'vitest';
import type { Node, Pod, PodDisruptionBudget } from '../../meta/types.ts';
import { foreignAnnotation } from '../../resources/foreign-pod.ts';
import { planPreemption } from './preemption-plan.ts';

const node: Node = { metadata: { name: 'plc-1' }, status: { allocatable: { memory: '1000', cpu: '4', pods: '9' } } };

type Traits = { memory: number; priority?: number; startedAt?: number; going?: boolean; foreign?: boolean };

const pod = (
  name: string,
  { memory, priority = 0, startedAt = 0, going, foreign }: Traits,
  nodeName?: string,
): Pod => ({
  metadata: {
    namespace: 'default',
    name,
    labels: { app: name[0]! },
    ...(going ? { deletionTimestamp: '2026-03-01T10:00:00Z' } : {}),
    ...(foreign ? { annotations: { [foreignAnnotation]: 'abc' } } : {}),
  },
  spec: {
    priority,
    ...(nodeName === undefined ? {} : { nodeName }),
    containers: [{ name: 'c', image: 'i', resources: { requests: { memory: String(memory) } } }],
  },
  status: { startTime: `2026-03-01T09:00:${String(startedAt).padStart(2, '0')}Z` },
});

const budget = (app: string, disruptionsAllowed: number): PodDisruptionBudget => ({
  metadata: { namespace: 'default', name: app },
  spec: { selector: { matchLabels: { app } } },
  status: { disruptionsAllowed, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
});

function victims(
  running: Record<string, Traits>,
  wanted: Traits,
  budgets: readonly PodDisruptionBudget[] = [],
): string[] | 'wait' {
  const pods = Object.entries(running).map(([name, traits]) => pod(name, traits, 'plc-1'));
  const plan = planPreemption(pod('wanted', wanted), node, { pods, namespaceLabels: () => ({}) }, budgets);
  return plan.kind === 'wait' ? 'wait' : plan.victims.map(({ metadata }) => metadata?.name ?? '');
}

describe('who makes room', () => {
  it('the least important, and no more than needed', () => {
    const running = { low: { memory: 400, priority: 1 }, mid: { memory: 400, priority: 2 } };
    expect(victims(running, { memory: 500, priority: 9 })).toEqual(['low']);
    expect(victims(running, { memory: 900, priority: 9 })).toEqual(['mid', 'low']);
  });

  it('of equals those that have run shortest', () => {
    const running = { old: { memory: 500, startedAt: 1 }, young: { memory: 500, startedAt: 2 } };
    expect(victims(running, { memory: 300, priority: 9 })).toEqual(['young']);
  });

  it('nobody who is as important, nor who was there before k2d', () => {
    expect(victims({ peer: { memory: 900, priority: 9 } }, { memory: 500, priority: 9 })).toBe('wait');
    expect(victims({ alien: { memory: 900, foreign: true } }, { memory: 500, priority: 9 })).toBe('wait');
  });

  it('nobody when that would not be enough', () => {
    const running = { low: { memory: 300 }, high: { memory: 600, priority: 10 } };
    expect(victims(running, { memory: 500, priority: 9 })).toBe('wait');
  });

  it('nobody when those that are going leave enough', () => {
    const running = { low: { memory: 500 }, going: { memory: 500, going: true } };
    expect(victims(running, { memory: 500, priority: 9 })).toEqual([]);
  });

  it('whom no budget protects, before whom one does', () => {
    const running = { a1: { memory: 500, priority: 1 }, b1: { memory: 500, priority: 2 } };
    expect(victims(running, { memory: 300, priority: 9 })).toEqual(['a1']);
    expect(victims(running, { memory: 300, priority: 9 }, [budget('a', 0)])).toEqual(['b1']);
    expect(victims(running, { memory: 900, priority: 9 }, [budget('a', 0)])).toEqual(['a1', 'b1']);
    expect(victims(running, { memory: 300, priority: 9 }, [budget('a', 1)])).toEqual(['a1']);
  });

  it('a budget allows so many and no more', () => {
    const running = {
      a1: { memory: 400, startedAt: 1 },
      a2: { memory: 300, startedAt: 2 },
      b1: { memory: 300, startedAt: 3 },
    };
    expect(victims(running, { memory: 500, priority: 9 }, [budget('a', 1)])).toEqual(['a1', 'b1']);
  });
});

it('a pod whose class forbids it asks nobody to go', () => {
  const wanted = pod('wanted', { memory: 500, priority: 9 });
  const patient: Pod = { ...wanted, spec: { ...wanted.spec!, preemptionPolicy: 'Never' } };
  const pods = [pod('low', { memory: 900 }, 'plc-1')];
  expect(planPreemption(patient, node, { pods, namespaceLabels: () => ({}) }, [])).toEqual({ kind: 'wait' });
});
