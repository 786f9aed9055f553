import { atRest } from '../../resources/pod-usage-fixture.ts';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../meta/types.ts';
import { metricProposal, type Metric } from './metric-proposal.ts';

const now = new Date('2026-03-01T12:00:00Z');
const times = { old: '2026-03-01T10:00:00Z', fresh: '2026-03-01T11:59:50Z' };

/** Millicores used; undefined was not measured. */
type Traits = {
  cpu?: number;
  memory?: number;
  phase?: string;
  ready?: boolean;
  started?: keyof typeof times;
  request?: string;
};

const pod = (uid: string, { phase = 'Running', ready = true, started = 'old', request = '100m' }: Traits): Pod => ({
  metadata: { name: uid, uid },
  spec: {
    containers: [
      { name: 'c', image: 'i', resources: { requests: request === '' ? {} : { cpu: request, memory: '1000' } } },
    ],
  },
  status: {
    phase,
    startTime: times[started],
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: times[started] }],
  },
});

const cpuShare = (averageUtilization: number): Metric => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});

function propose(all: readonly Traits[], metric = cpuShare(50)) {
  const pods = all.map((traits, index) => pod(`p${index}`, traits));
  const measured = all.flatMap(({ cpu, memory = 0 }, index) =>
    cpu === undefined
      ? []
      : [
          [
            `p${index}`,
            {
              time: now,
              windowMs: 15_000,
              containers: {
                c: { ...atRest, cpuNanoCores: cpu * 1e6, memoryBytes: memory },
              },
            },
          ] as const,
        ],
  );
  return metricProposal(metric, {
    currentReplicas: all.length,
    pods,
    usage: new Map(measured),
    tolerance: { up: 0.1, down: 0.1 },
    now,
  });
}

describe('how many pods a metric asks for', () => {
  it.each<[what: string, pods: Traits[], replicas: number]>([
    ['exactly the target, and one says nothing', [{ cpu: 50 }, { cpu: 50 }, {}], 3],
    ['twice the target, twice the pods', [{ cpu: 100 }, { cpu: 100 }], 4],
    ['near enough is enough', [{ cpu: 54 }, { cpu: 54 }], 2],
    ['half the target, half the pods', [{ cpu: 25 }, { cpu: 25 }], 1],
    ['a pod that was not measured is idle when that would mean more', [{ cpu: 200 }, {}], 4],
    ['and busy when that would mean fewer', [{ cpu: 10 }, {}], 2],
    ['one that starts up is idle as well', [{ cpu: 200 }, { cpu: 200, started: 'fresh', ready: false }], 4],
    ['one that waits too', [{ cpu: 105 }, { phase: 'Pending' }], 2],
    ['one that failed does not count', [{ cpu: 100 }, { cpu: 900, phase: 'Failed' }], 2],
  ])('%s', (_what, pods, replicas) => expect(propose(pods)).toMatchObject({ kind: 'replicas', replicas }));

  it('an amount a pod, of memory', () => {
    const metric: Metric = {
      type: 'Resource',
      resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '100' } },
    };
    expect(
      propose(
        [
          { cpu: 1, memory: 150 },
          { cpu: 1, memory: 250 },
        ],
        metric,
      ),
    ).toMatchObject({
      replicas: 4,
      status: { type: 'Resource', resource: { name: 'memory', current: { averageValue: '200' } } },
    });
  });

  it('of one container', () => {
    const metric = (container: string): Metric => ({
      type: 'ContainerResource',
      containerResource: { name: 'cpu', container, target: { type: 'Utilization', averageUtilization: 50 } },
    });
    expect(propose([{ cpu: 100 }], metric('c'))).toMatchObject({
      replicas: 2,
      status: { containerResource: { container: 'c', current: { averageUtilization: 100, averageValue: '100m' } } },
    });
    expect(propose([{ cpu: 100 }], metric('other'))).toMatchObject({
      kind: 'unknown',
      reason: 'FailedGetContainerResourceMetric',
    });
  });

  it('is unknown without requests, without figures, and for what is not measured here', () => {
    expect(propose([{ cpu: 100, request: '' }])).toMatchObject({
      kind: 'unknown',
      reason: 'FailedGetResourceMetric',
      message: expect.stringContaining('missing request for cpu in container c of Pod p0'),
    });
    expect(propose([{}])).toMatchObject({ kind: 'unknown', message: expect.stringContaining('no metrics returned') });
    const queue: Metric = {
      type: 'Pods',
      pods: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '1' } },
    };
    expect(propose([{ cpu: 1 }], queue)).toMatchObject({ kind: 'unknown', reason: 'FailedGetPodsMetric' });
  });
});
