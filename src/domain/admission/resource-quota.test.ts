import { describe, expect, it } from 'vitest';
import { systemClock } from '../meta/clock.ts';
import type { ConfigMap, Container, Pod, ResourceQuota, Service } from '../meta/types.ts';
import { configMaps } from '../resources/config-map.ts';
import { pods } from '../resources/pod.ts';
import { resourceQuotas } from '../resources/resource-quota.ts';
import { services } from '../resources/service.ts';
import { clientRequest } from './client-request.ts';
import { listerOf } from './lister-of.ts';
import { resourceQuota } from './resource-quota.ts';

const quota = (spec: ResourceQuota['spec']): ResourceQuota => ({
  metadata: { namespace: 'plant', name: 'q' },
  spec: spec!,
});

const pod = (name: string, resources?: Container['resources'], spec: object = {}, status?: Pod['status']): Pod =>
  pods.default({
    metadata: { namespace: 'plant', name },
    spec: { containers: [{ name: 'a', image: 'i', ...(resources ? { resources } : {}) }], ...spec },
    ...(status ? { status } : {}),
  });

const configMap = (name: string): ConfigMap => ({ metadata: { namespace: 'plant', name } });

const refusal = (quotas: readonly ResourceQuota[], stored: readonly Pod[], object: Pod): string => {
  const lister = listerOf({ definition: resourceQuotas, objects: quotas }, { definition: pods, objects: stored });
  try {
    void resourceQuota({ clock: systemClock }).validate?.(clientRequest(pods, object), lister);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('pods', () => {
  const small = { requests: { cpu: '250m', memory: '64Mi' }, limits: { cpu: '500m' } };

  it.each<[string, ResourceQuota['spec'], Pod[], Pod, string]>([
    ['fit', { hard: { pods: '2' } }, [pod('a')], pod('b'), ''],
    [
      'are too many',
      { hard: { pods: '1' } },
      [pod('a')],
      pod('b'),
      'pods "b" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
    ],
    ['that ended do not count', { hard: { pods: '1' } }, [pod('a', undefined, {}, { phase: 'Failed' })], pod('b'), ''],
    [
      'that ended are objects all the same',
      { hard: { 'count/pods': '1' } },
      [pod('a', undefined, {}, { phase: 'Failed' })],
      pod('b'),
      'pods "b" is forbidden: exceeded quota: q, requested: count/pods=1, used: count/pods=1, limited: count/pods=1',
    ],
    [
      'ask for too much',
      { hard: { 'requests.cpu': '400m', 'requests.memory': '100Mi', pods: '5' } },
      [pod('a', small)],
      pod('b', small),
      'pods "b" is forbidden: exceeded quota: q, requested: requests.cpu=250m,requests.memory=64Mi, used: requests.cpu=250m,requests.memory=64Mi, limited: requests.cpu=400m,requests.memory=100Mi',
    ],
    [
      'must say what they ask for',
      { hard: { 'requests.cpu': '1', 'limits.memory': '1Gi' } },
      [],
      pod('b', undefined, { initContainers: [{ name: 'z', image: 'i' }] }),
      'pods "b" is forbidden: failed quota: q: must specify limits.memory for: a,z; requests.cpu for: a,z',
    ],
    ['of another scope are not meant', { hard: { pods: '0' }, scopes: ['BestEffort'] }, [], pod('b', small), ''],
    [
      'of the scope are',
      { hard: { pods: '0' }, scopes: ['NotBestEffort', 'NotTerminating'] },
      [],
      pod('b', small),
      'pods "b" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0',
    ],
    [
      'have a priority class',
      {
        hard: { pods: '0' },
        scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] },
      },
      [],
      pod('b', undefined, { priorityClassName: 'high' }),
      'pods "b" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0',
    ],
    [
      'have another priority class',
      {
        hard: { pods: '0' },
        scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] },
      },
      [],
      pod('b', undefined, { priorityClassName: 'low' }),
      '',
    ],
    [
      'look into other namespaces',
      { hard: { pods: '0' }, scopes: ['CrossNamespacePodAffinity'] },
      [],
      pod('b', undefined, {
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 1, podAffinityTerm: { topologyKey: 'x', namespaces: ['other'] } },
            ],
          },
        },
      }),
      'pods "b" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0',
    ],
    [
      'take what their largest init container takes',
      { hard: { 'requests.cpu': '1' } },
      [],
      pod(
        'b',
        { requests: { cpu: '100m' } },
        {
          initContainers: [
            { name: 'side', image: 'i', restartPolicy: 'Always', resources: { requests: { cpu: '200m' } } },
            { name: 'big', image: 'i', resources: { requests: { cpu: '900m' } } },
          ],
        },
      ),
      'pods "b" is forbidden: exceeded quota: q, requested: requests.cpu=1100m, used: requests.cpu=0, limited: requests.cpu=1',
    ],
    [
      'use devices',
      { hard: { 'requests.acme.io/plc': '1' } },
      [pod('a', { limits: { 'acme.io/plc': '1' } })],
      pod('b', { limits: { 'acme.io/plc': '1' } }),
      'pods "b" is forbidden: exceeded quota: q, requested: requests.acme.io/plc=1, used: requests.acme.io/plc=1, limited: requests.acme.io/plc=1',
    ],
    [
      'that nobody started here are nobody’s business',
      { hard: { pods: '1' } },
      [{ ...pod('a'), metadata: { namespace: 'plant', name: 'a', annotations: { 'k2d.io/foreign': 'a' } } }],
      pod('b'),
      '',
    ],
  ])('%s', (_what, spec, stored, object, message) => expect(refusal([quota(spec)], stored, object)).toBe(message));

  it('must fit into every quota', () =>
    expect(refusal([quota({ hard: { pods: '9' } }), quota({ hard: { 'count/pods': '0' } })], [], pod('b'))).toContain(
      'exceeded quota: q, requested: count/pods=1',
    ));
});

describe('what was allowed and is not stored yet', () => {
  const quotas = { definition: resourceQuotas, objects: [quota({ hard: { configmaps: '1' } })] };

  it('takes its place until the write has ended', () => {
    const plugin = resourceQuota({ clock: systemClock });
    const settled: (() => void)[] = [];
    const request = (name: string) => ({
      ...clientRequest(configMaps, configMap(name)),
      whenSettled: (callback: () => void) => void settled.push(callback),
    });
    const lister = listerOf(quotas);
    expect(plugin.validate?.(request('a'), lister)).toBeUndefined();
    expect(() => plugin.validate?.(request('b'), lister)).toThrow('used: configmaps=1, limited: configmaps=1');
    settled.forEach((callback) => callback());
    expect(plugin.validate?.(request('b'), lister)).toBeUndefined();
  });

  it('is not counted twice once it is stored', () => {
    const plugin = resourceQuota({ clock: systemClock });
    const two = { definition: resourceQuotas, objects: [quota({ hard: { configmaps: '2' } })] };
    expect(plugin.validate?.(clientRequest(configMaps, configMap('a')), listerOf(two))).toBeUndefined();
    const stored = listerOf(two, { definition: configMaps, objects: [configMap('a')] });
    expect(plugin.validate?.(clientRequest(configMaps, configMap('b')), stored)).toBeUndefined();
  });

  it('takes nothing in a dry run', () => {
    const plugin = resourceQuota({ clock: systemClock });
    const dryRun = { ...clientRequest(configMaps, configMap('a')), dryRun: true };
    expect(plugin.validate?.(dryRun, listerOf(quotas))).toBeUndefined();
    expect(plugin.validate?.(dryRun, listerOf(quotas))).toBeUndefined();
  });
});

it('a Service counts what its type takes, also when the type changes', () => {
  const service = (type: string): Service => ({
    metadata: { namespace: 'plant', name: 's' },
    spec: { type: type as 'NodePort', ports: [{ port: 80 }, { port: 443 }] },
  });
  const hard = { services: '1', 'services.nodeports': '1', 'services.loadbalancers': '0' };
  const lister = listerOf(
    { definition: resourceQuotas, objects: [quota({ hard })] },
    { definition: services, objects: [service('ClusterIP')] },
  );
  const change = (type: string) => () =>
    resourceQuota({ clock: systemClock }).validate?.(
      clientRequest(services, service(type), service('ClusterIP')),
      lister,
    );
  expect(change('ClusterIP')).not.toThrow();
  expect(change('NodePort')).toThrow(
    'requested: services.nodeports=2, used: services.nodeports=0, limited: services.nodeports=1',
  );
  expect(change('LoadBalancer')).toThrow(
    'requested: services.loadbalancers=1,services.nodeports=2, used: services.loadbalancers=0,services.nodeports=0, limited: services.loadbalancers=0,services.nodeports=1',
  );
});
