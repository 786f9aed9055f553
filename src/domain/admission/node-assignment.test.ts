import { describe, expect, it } from 'vitest';
import type { Node, Pod, PodSpec } from '../meta/types.ts';
import { nodes } from '../resources/node.ts';
import { pods } from '../resources/pod.ts';
import { clientRequest } from './client-request.ts';
import { listerOf } from './lister-of.ts';
import { nodeAssignment } from './node-assignment.ts';

const newPlugin = () => nodeAssignment({ nodeName: 'panel-7', clock: { now: () => new Date('2026-01-02T03:04:05Z') } });

const panel: Node = {
  metadata: { name: 'panel-7', labels: { line: '4' } },
  status: { allocatable: { cpu: '2', memory: '1Gi', pods: '3' } },
};

const request = (name: string, spec: Partial<PodSpec>) =>
  clientRequest(pods, { metadata: { namespace: 'default', name }, spec: { containers: [], ...spec } });

const admit = (spec: Partial<PodSpec>, node?: Node['spec']) =>
  newPlugin().mutate?.(
    request('p', spec),
    listerOf({ definition: nodes, objects: [{ ...panel, ...(node ? { spec: node } : {}) }] }),
  );

const asking = (requests: Record<string, string>): Partial<PodSpec> => ({
  containers: [{ name: 'c', image: 'i', resources: { requests } }],
});

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

  it('lets a pod wait for room', () => {
    const holder: Pod = {
      metadata: { namespace: 'default', name: 'q' },
      spec: { nodeName: 'panel-7', ...asking({ memory: '800Mi' }) } as PodSpec,
    };
    const lister = (phase: string) =>
      listerOf(
        { definition: nodes, objects: [panel] },
        { definition: pods, objects: [{ ...holder, status: { phase } } as Pod] },
      );
    const wanted = request('p', asking({ memory: '300Mi', cpu: '1' }));
    expect(newPlugin().mutate?.(wanted, lister('Running'))).toMatchObject({
      status: { conditions: [{ message: '0/1 nodes are available: 1 Insufficient memory.' }] },
    });
    expect(newPlugin().mutate?.(wanted, lister('Succeeded'))).toMatchObject({ spec: { nodeName: 'panel-7' } });
  });

  it('gives the same room once, however many come at the same time', () => {
    const plugin = newPlugin();
    const settled: (() => void)[] = [];
    const lister = listerOf({ definition: nodes, objects: [panel] });
    const ask = (name: string) =>
      plugin.mutate?.(
        { ...request(name, asking({ cpu: '1500m' })), whenSettled: (done) => settled.push(done) },
        lister,
      );
    expect(ask('a')).toMatchObject({ spec: { nodeName: 'panel-7' } });
    expect(ask('b')).toMatchObject({ status: { conditions: [{ reason: 'Unschedulable' }] } });
    settled.forEach((done) => done());
    expect(ask('b')).toMatchObject({ spec: { nodeName: 'panel-7' } });
    settled.forEach((done) => done());
  });

  it('gives the scheduler no room that a new pod has just got, nor a new pod what the scheduler has just given', () => {
    const lister = listerOf({ definition: nodes, objects: [panel] });
    const spec = asking({ cpu: '1500m' });
    const waiting: Pod = { metadata: { namespace: 'default', name: 'old' }, spec: { containers: [], ...spec } };
    const bound: Pod = { ...waiting, spec: { ...waiting.spec!, nodeName: 'panel-7' } };
    const binding = { ...clientRequest(pods, bound, waiting), subresource: 'binding' };
    for (const place of [{}, { nodeName: 'panel-7' }]) {
      const first = newPlugin();
      void first.mutate?.(request('new', { ...spec, ...place }), lister);
      expect(() => first.validate?.(binding, lister)).toThrow('1 Insufficient cpu');
    }
    const second = newPlugin();
    void second.validate?.(binding, lister);
    expect(second.mutate?.(request('new', spec), lister)).toMatchObject({
      status: { conditions: [{ reason: 'Unschedulable' }] },
    });
  });

  it.each([{}, { nodeName: 'panel-7' }])('refuses what can never fit (%j)', (place) => {
    const giant = {
      ...asking({ memory: '2Gi', cpu: '1', 'example.com/dongle': '2', 'ephemeral-storage': '1Pi' }),
      ...place,
    };
    expect(() => admit(giant)).toThrow(
      'pods "p" is forbidden: it can never fit the node, which is asked for more than it has: memory (2Gi of 1Gi)',
    );
  });

  it('lets a pod wait for a device and a larger disk', () =>
    expect(admit(asking({ 'example.com/dongle': '2', 'ephemeral-storage': '1Pi' }))).toMatchObject({
      status: {
        conditions: [
          { message: '0/1 nodes are available: 1 Insufficient ephemeral-storage, 1 Insufficient example.com/dongle.' },
        ],
      },
    }));
});
