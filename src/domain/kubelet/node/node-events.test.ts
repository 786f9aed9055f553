import { expect, onTestFinished, test, vi } from 'vitest';
import type { Node } from '../../meta/types.ts';
import { systemClock } from '../../meta/clock.ts';
import { eventRecorder } from '../../registry/event-recorder.ts';
import { openTestRegistry, silentLogger } from '../../registry/registry-fixture.ts';
import { events } from '../../resources/event.ts';
import { nodes } from '../../resources/node.ts';
import { nodeEvents, tellOfNode } from './node-events.ts';

const node = (conditions: Record<string, string>, unschedulable?: boolean): Node => ({
  metadata: { name: 'plc-1' },
  spec: unschedulable === undefined ? {} : { unschedulable },
  status: { conditions: Object.entries(conditions).map(([type, status]) => ({ type, status })) },
});

test.each([
  ['the engine answers for the first time', node({}), node({ Ready: 'True' }), ['NodeReady']],
  ['the engine is gone', node({ Ready: 'True' }), node({ Ready: 'False' }), ['NodeNotReady']],
  ['all is well at the first look', node({}), node({ MemoryPressure: 'False', DiskPressure: 'False' }), []],
  [
    'the disk is full at the first look',
    node({}),
    node({ MemoryPressure: 'False', DiskPressure: 'True' }),
    ['NodeHasDiskPressure'],
  ],
  ['there is room again', node({ DiskPressure: 'True' }), node({ DiskPressure: 'False' }), ['NodeHasNoDiskPressure']],
  [
    'memory runs out',
    node({ MemoryPressure: 'False' }),
    node({ MemoryPressure: 'True' }),
    ['NodeHasInsufficientMemory'],
  ],
  ['processes run out', node({ PIDPressure: 'False' }), node({ PIDPressure: 'True' }), ['NodeHasInsufficientPID']],
  ['nothing', node({ Ready: 'True' }), node({ Ready: 'True' }), []],
  ['cordon', node({}), node({}, true), ['NodeNotSchedulable']],
  ['uncordon', node({}, true), node({}, false), ['NodeSchedulable']],
])('%s', (_what, before, after, expected) => expect(nodeEvents(before, after)).toEqual(expected));

test('they are events of the node', async () => {
  const registry = await openTestRegistry();
  const recorder = eventRecorder(registry, { component: 'kubelet', clock: systemClock, logger: silentLogger });
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  tellOfNode({ registry, recorder, nodeName: 'plc-1', signal: stop.signal });
  await registry.create(nodes, node({}));
  const cordon = (unschedulable: boolean) =>
    registry.update(nodes, { namespace: '', name: 'plc-1' }, (current) => ({ ...current, spec: { unschedulable } }));
  await cordon(true);
  await cordon(false);
  await vi.waitFor(() =>
    expect(registry.all(events).map(({ reason, message }) => [reason, message])).toEqual(
      expect.arrayContaining([
        ['Starting', 'Starting kubelet.'],
        ['NodeNotSchedulable', 'Node plc-1 status is now: NodeNotSchedulable'],
        ['NodeSchedulable', 'Node plc-1 status is now: NodeSchedulable'],
      ]),
    ),
  );
  expect(registry.all(events)).toHaveLength(3);
});
