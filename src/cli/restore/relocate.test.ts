import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../domain/meta/types.ts';
import { relocate } from './relocate.ts';

const from = { nodeName: 'old', serviceCidr: '10.43.0.0/16' };
const to = { nodeName: 'new', serviceCidr: '10.71.0.0/16' };
const moved = (resource: string, object: object) => relocate(resource, object as KubernetesObject, from, to);
const hostname = (value: string) => ({
  nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [value] }] }],
});

describe('on another device', () => {
  it('pods are on its node', () => {
    expect(moved('pods', { spec: { nodeName: 'old', containers: [] } })).toEqual({
      spec: { nodeName: 'new', containers: [] },
    });
    expect(moved('pods', { spec: { containers: [] } })).toEqual({ spec: { containers: [] } });
  });

  it('pods of a DaemonSet want its node', () => {
    const wants = (name: string) => ({
      nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] }],
    });
    const pod = (name: string) => ({
      spec: { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: wants(name) } } },
    });
    expect(moved('pods', pod('old'))).toEqual(pod('new'));
  });

  it('volumes and their claims are on its node', () => {
    expect(moved('persistentvolumes', { spec: { nodeAffinity: { required: hostname('old') } } })).toEqual({
      spec: { nodeAffinity: { required: hostname('new') } },
    });
    const claim = (name: string) => ({
      metadata: { name: 'c', annotations: { 'volume.kubernetes.io/selected-node': name } },
    });
    expect(moved('persistentvolumeclaims', claim('old'))).toEqual(claim('new'));
  });

  it('the node has its name, and keeps its labels and taints', () => {
    const node = (name: string) => ({
      metadata: { name, labels: { 'kubernetes.io/hostname': name, line: '3' } },
      spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] },
    });
    expect(moved('nodes', node('old'))).toEqual(node('new'));
    expect(moved('nodes', node('third'))).toEqual(node('third'));
  });

  it('Services have the same place in its range', () => {
    const service = (address: string) => ({ spec: { clusterIP: address, clusterIPs: [address] } });
    expect(moved('services', service('10.43.7.9'))).toEqual(service('10.71.7.9'));
    expect(moved('services', service('None'))).toEqual(service('None'));
    expect(moved('services', { spec: { type: 'ExternalName' } })).toEqual({ spec: { type: 'ExternalName' } });
  });

  it('a range that is too small is told', () => {
    const small = { ...to, serviceCidr: '10.71.0.0/24' };
    const service = { spec: { clusterIP: '10.43.7.9' } } as KubernetesObject;
    expect(() => relocate('services', service, from, small)).toThrow('no address');
  });

  it('everything else stays as it is', () => {
    const object = { metadata: { name: 'old' }, data: { node: 'old' } };
    expect(moved('configmaps', object)).toBe(object);
  });
});
