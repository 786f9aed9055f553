import { describe, expect, it } from 'vitest';
import type { Node, PodSpec } from '../meta/types.ts';
import { nodes } from '../resources/node.ts';
import { pods } from '../resources/pod.ts';
import { clientRequest } from './client-request.ts';
import { listerOf } from './lister-of.ts';
import { nodeAssignment } from './node-assignment.ts';

const plugin = nodeAssignment({ nodeName: 'panel-7', clock: { now: () => new Date('2026-01-02T03:04:05Z') } });

const admit = (spec: Partial<PodSpec>, node?: Node['spec']) =>
  plugin.mutate?.(
    clientRequest(pods, { metadata: { namespace: 'default', name: 'p' }, spec: { containers: [], ...spec } }),
    listerOf({
      definition: nodes,
      objects: [{ metadata: { name: 'panel-7', labels: { line: '4' } }, ...(node ? { spec: node } : {}) } as Node],
    }),
  );

const waits = (message: string) => ({
  status: {
    conditions: [
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message: `0/1 nodes are available: 1 node(s) ${message}.`,
        lastTransitionTime: '2026-01-02T03:04:05Z',
      },
    ],
  },
});

describe('nodeAssignment', () => {
  it('puts pods on the one node', () => expect(admit({})).toMatchObject({ spec: { nodeName: 'panel-7' } }));
  it('lets the pod choose by label', () =>
    expect(admit({ nodeSelector: { line: '4' } })).toMatchObject({ spec: { nodeName: 'panel-7' } }));
  it('leaves a node that the client named', () => expect(admit({ nodeName: 'elsewhere' })).toBeUndefined());

  it.each([
    ["didn't match Pod's node affinity/selector", { nodeSelector: { line: '5' } }, undefined],
    ['were unschedulable', {}, { unschedulable: true }],
    ['had untolerated taint(s)', {}, { taints: [{ key: 'plc', value: 'only', effect: 'NoSchedule' }] }],
  ])('lets a pod wait when nodes %s', (message, spec, node) => {
    const admitted = admit(spec, node);
    expect(admitted).toMatchObject(waits(message));
    expect(admitted).not.toHaveProperty('spec.nodeName');
  });

  it.each([
    [{ tolerations: [{ operator: 'Exists' }] }, { unschedulable: true }],
    [
      { tolerations: [{ key: 'plc', value: 'only' }] },
      { taints: [{ key: 'plc', value: 'only', effect: 'NoSchedule' }] },
    ],
    [{}, { taints: [{ key: 'plc', effect: 'PreferNoSchedule' }] }],
  ])('takes a pod with %j on a node with %j', (spec, node) =>
    expect(admit(spec, node)).toMatchObject({ spec: { nodeName: 'panel-7' } }),
  );

  it('leaves gated pods alone', () =>
    expect(admit({ schedulingGates: [{ name: 'quota' }] })).toMatchObject({
      status: { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] },
    }));
});
