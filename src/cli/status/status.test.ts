import { describe, expect, it } from 'vitest';
import type { Event, Node, Pod } from '../../domain/meta/types.ts';
import { problems } from './problems.ts';
import { samplesOf } from './samples-of.ts';
import type { StatusReport } from './status-report.ts';
import { statusTable } from './status-table.ts';

const now = new Date('2026-11-22T12:00:00Z');
const nothing = { readyz: '[+]engine ok\nreadyz check passed\n', nodes: [], pods: [], events: [], now };

const pod = (status: object): Pod => ({
  metadata: { namespace: 'plant', name: 'p', creationTimestamp: '2026-11-22T11:00:00Z' } as never,
  status: status as never,
});
const container = (state: object, ready = false) => ({
  phase: 'Running',
  containerStatuses: [{ name: 'main', state, ready, restartCount: 4 }],
});
const node = (type: string, status: string, spec: object = {}): Node => ({
  metadata: { name: 'n' },
  spec,
  status: { conditions: [{ type, status, message: 'why' }] },
});
const event = (type: string, lastTimestamp: string): Event =>
  ({
    type,
    lastTimestamp,
    reason: 'R',
    message: 'M',
    involvedObject: { kind: 'Pod', namespace: 'plant', name: 'p' },
  }) as never;

describe('problems', () => {
  it.each([
    [
      'a check that fails',
      { readyz: '[-]engine failed: not listed yet\n' },
      ['not ready: engine failed: not listed yet'],
    ],
    ['a node that is not ready', { nodes: [node('Ready', 'False')] }, ['node n: not ready: why']],
    ['pressure', { nodes: [node('DiskPressure', 'True')] }, ['node n: DiskPressure: why']],
    ['a cordon', { nodes: [node('Ready', 'True', { unschedulable: true })] }, ['node n: cordoned, takes no new pods']],
    [
      'a crash loop',
      { pods: [pod(container({ waiting: { reason: 'CrashLoopBackOff' } }))] },
      ['pod plant/p: main: CrashLoopBackOff, 4 restarts'],
    ],
    ['a pod that failed', { pods: [pod({ phase: 'Failed', reason: 'Evicted' })] }, ['pod plant/p: Failed: Evicted']],
    [
      'one that is long not ready',
      { pods: [pod(container({ running: { startedAt: '2026-11-22T11:50:00Z' } }))] },
      ['pod plant/p: main: running, not ready'],
    ],
    [
      'one that has no room',
      {
        pods: [pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', message: 'no room' }] })],
      },
      ['pod plant/p: no room'],
    ],
    [
      'warnings of the last hour',
      {
        events: [
          event('Warning', '2026-11-22T11:30:00Z'),
          event('Warning', '2026-11-22T10:30:00Z'),
          event('Normal', '2026-11-22T11:30:00Z'),
        ],
      },
      ['event of pod plant/p: R: M'],
    ],
  ])('are %s', (_what, seen, told) => expect(problems({ ...nothing, ...seen })).toEqual(told));

  it.each([
    ['is well', { nodes: [node('Ready', 'True'), node('DiskPressure', 'False')] }],
    ['has ended', { pods: [pod({ phase: 'Succeeded' })] }],
    ['has just begun', { pods: [pod(container({ running: { startedAt: '2026-11-22T11:59:50Z' } }))] }],
    ['is being made', { pods: [pod(container({ waiting: { reason: 'ContainerCreating' } }))] }],
    ['runs', { pods: [pod(container({ running: { startedAt: '2026-11-22T11:00:00Z' } }, true))] }],
  ])('are not what %s', (_what, seen) => expect(problems({ ...nothing, ...seen })).toEqual([]));
});

it('metrics are read with their labels', () =>
  expect([...samplesOf('# HELP a b\na{x="y z"} 3\nb 1.5\n')]).toEqual([
    ['a{x="y z"}', 3],
    ['b', 1.5],
  ]));

const report: StatusReport = {
  instance: 'k2d',
  api: { serves: true, ready: true, version: 'v1.35.0', port: 6443, startedAt: '2026-11-20T10:00:00Z' },
  engine: { name: 'podman', version: '4.3.1', answers: true },
  dataPlane: { kind: 'nftables', loaded: true, services: 3 },
  objects: { pods: 2 },
  pods: { Running: 2 },
  memory: { private: 26_000_000, resident: 80e6, hostAvailable: 300e6, hostTotal: 512e6 },
  problems: ['one'],
};

it('the table has a line a subject, and the problems', () => {
  const text = statusTable(report, now);
  expect(text).toContain('API         port 6443, for 2d2h\n');
  expect(text).toContain('memory      26.0 MB private, 80 MB resident; 300 of 512 MB of the host free\n');
  expect(text).toMatch(/problems +1\n {2}- one\n$/);
});
