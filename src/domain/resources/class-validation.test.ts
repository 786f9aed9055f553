import { describe, expect, it } from 'vitest';
import type { IngressClass, KubernetesObject, PriorityClass, RuntimeClass, StorageClass } from '../meta/types.ts';
import { controllerRevisions } from './controller-revision.ts';
import { ingressClasses } from './ingress-class.ts';
import { leases } from './lease.ts';
import { podTemplates } from './pod-template.ts';
import { priorityClasses, systemPriorityClasses } from './priority-class.ts';
import type { ResourceDefinition } from './resource-definition.ts';
import { runtimeClasses } from './runtime-class.ts';
import { storageClasses } from './storage-class.ts';

const textsOf = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

const refused = <T extends KubernetesObject>(definition: ResourceDefinition<T>, object: T): string[] =>
  textsOf(definition.validate(definition.default(object)));

const refusedChange = <T extends KubernetesObject>(definition: ResourceDefinition<T>, next: T, current: T): string[] =>
  textsOf(definition.validateUpdate(definition.default(next), definition.default(current)));

describe('priority classes', () => {
  it('of every cluster are valid', () =>
    expect(systemPriorityClasses.flatMap((object) => refused(priorityClasses, object))).toEqual([]));

  it.each<[PriorityClass, string[]]>([
    [{ metadata: { name: 'vip' }, value: 1_000_000_000 }, []],
    [
      { metadata: { name: 'vip' }, value: 1_000_000_001, preemptionPolicy: 'Maybe' },
      [
        'value: Forbidden: maximum allowed value of a user defined priority is 1000000000',
        'preemptionPolicy: Unsupported value: "Maybe": supported values: "Never", "PreemptLowerPriority"',
      ],
    ],
    [
      { metadata: { name: 'system-mine' }, value: 1 },
      [
        "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class",
      ],
    ],
    [
      { metadata: { name: 'system-node-critical' }, value: 1 },
      [
        "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: value of system-node-critical PriorityClass must be 2000001000",
      ],
    ],
  ])('%j', (object, texts) => expect(refused(priorityClasses, object)).toEqual(texts));

  it('keep what pods were given', () =>
    expect(
      refusedChange(
        priorityClasses,
        { metadata: { name: 'vip' }, value: 2, preemptionPolicy: 'Never' },
        { metadata: { name: 'vip' }, value: 1 },
      ),
    ).toEqual([
      'value: Forbidden: may not be changed in an update.',
      'preemptionPolicy: Invalid value: "Never": field is immutable',
    ]));

  it('have a value, also when it is nothing', () =>
    expect(priorityClasses.default({ metadata: { name: 'vip' } })).toMatchObject({
      value: 0,
      preemptionPolicy: 'PreemptLowerPriority',
    }));
});

describe('runtime classes', () => {
  it.each<[RuntimeClass, string]>([
    [{ handler: 'runsc' }, ''],
    [{ handler: '' }, 'handler: Invalid value: "": a lowercase RFC 1123 label'],
    [
      { handler: 'runsc', overhead: { podFixed: { memory: '-1' } } },
      'overhead[memory]: Invalid value: "-1": must be greater than or equal to 0',
    ],
  ])('%j', (object, text) => expect(refused(runtimeClasses, object).join()).toContain(text));

  it('keep their handler', () =>
    expect(refusedChange(runtimeClasses, { handler: 'kata' }, { handler: 'runsc' })).toEqual([
      'handler: Invalid value: "kata": field is immutable',
    ]));
});

describe('ingress classes', () => {
  const parameters = { apiGroup: 'acme.io', kind: 'Settings', name: 's' };
  it.each<[IngressClass['spec'], string[]]>([
    [{ controller: 'acme.io/foo' }, []],
    [{ controller: 'acme.io/foo', parameters }, []],
    [{}, ['spec.controller: Required value']],
    [
      { controller: 'foo' },
      ['spec.controller: Invalid value: "foo": must be a domain-prefixed path (such as "acme.io/foo")'],
    ],
    [
      { controller: 'acme.io/foo', parameters: { ...parameters, scope: 'Namespace' } },
      ["spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'"],
    ],
    [
      { controller: 'acme.io/foo', parameters: { ...parameters, namespace: 'plant' } },
      ["spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'"],
    ],
    [
      { controller: 'acme.io/foo', parameters: { kind: '', name: 's', scope: 'Galaxy' } },
      [
        'spec.parameters.kind: Required value',
        'spec.parameters.scope: Unsupported value: "Galaxy": supported values: "Cluster", "Namespace"',
      ],
    ],
  ])('%j', (spec, texts) => expect(refused(ingressClasses, spec ? { spec } : {})).toEqual(texts));

  it('keep their controller', () =>
    expect(
      refusedChange(ingressClasses, { spec: { controller: 'acme.io/b' } }, { spec: { controller: 'acme.io/a' } }),
    ).toEqual(['spec.controller: Invalid value: "acme.io/b": field is immutable']));
});

describe('storage classes', () => {
  const local: StorageClass = { provisioner: 'k2d.io/local' };

  it('say how they bind and what becomes of volumes', () =>
    expect(storageClasses.default(local)).toEqual({
      ...local,
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
    }));

  it.each<[StorageClass, string[]]>([
    [local, []],
    [{ provisioner: '' }, ['provisioner: Required value']],
    [
      { ...local, reclaimPolicy: 'Burn', volumeBindingMode: 'Later' },
      [
        'reclaimPolicy: Unsupported value: "Burn": supported values: "Delete", "Retain"',
        'volumeBindingMode: Unsupported value: "Later": supported values: "Immediate", "WaitForFirstConsumer"',
      ],
    ],
  ])('%j', (object, texts) => expect(refused(storageClasses, object)).toEqual(texts));

  it('stay what they are, but may learn to grow volumes', () => {
    expect(refusedChange(storageClasses, { ...local, allowVolumeExpansion: true }, local)).toEqual([]);
    expect(
      refusedChange(
        storageClasses,
        {
          provisioner: 'x.io/y',
          parameters: { a: 'b' },
          reclaimPolicy: 'Retain',
          volumeBindingMode: 'WaitForFirstConsumer',
        },
        local,
      ),
    ).toEqual([
      'parameters: Forbidden: updates to parameters are forbidden.',
      'provisioner: Forbidden: updates to provisioner are forbidden.',
      'reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.',
      'volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable',
    ]);
  });

  it('show which one is the default', () =>
    expect(
      storageClasses.columns[0]?.cell(
        {
          ...local,
          metadata: { name: 'disk', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
        },
        new Date(),
      ),
    ).toBe('disk (default)'));
});

describe('leases', () => {
  it('last and change hands', () =>
    expect(refused(leases, { spec: { leaseDurationSeconds: 0, leaseTransitions: -1 } })).toEqual([
      'spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0',
      'spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0',
    ]));

  it('of nodes are heartbeats, which nobody writes down', () => {
    expect(leases.isKept({ metadata: { namespace: 'kube-node-lease', name: 'plc-1' } })).toBe(false);
    expect(leases.isKept({ metadata: { namespace: 'plant', name: 'leader' } })).toBe(true);
  });
});

describe('controller revisions', () => {
  it('have data, and keep it', () => {
    expect(refused(controllerRevisions, { revision: -1 })).toEqual([
      'data: Required value: data is mandatory',
      'revision: Invalid value: -1: must be greater than or equal to 0',
    ]);
    expect(
      refusedChange(controllerRevisions, { data: { a: 2 }, revision: 2 }, { data: { a: 1 }, revision: 1 }),
    ).toEqual(['data: Invalid value: {"a":2}: field is immutable']);
  });

  it('name their controller', () => {
    const cellOf = (apiVersion: string, kind: string) =>
      controllerRevisions.columns[1]?.cell(
        { revision: 1, metadata: { ownerReferences: [{ apiVersion, kind, name: 'db', uid: 'u', controller: true }] } },
        new Date(),
      );
    expect(cellOf('apps/v1', 'StatefulSet')).toBe('statefulset.apps/db');
    expect(cellOf('v1', 'Pod')).toBe('pod/db');
  });
});

describe('pod templates', () => {
  const template = { metadata: { labels: { b: '2', a: '1' } }, spec: { containers: [{ name: 'a', image: 'i' }] } };

  it('hold what a pod may be', () => {
    expect(refused(podTemplates, { template })).toEqual([]);
    expect(refused(podTemplates, { template: { spec: { containers: [] } } })).toEqual([
      'template.spec.containers: Required value',
    ]);
  });

  it('count their changes', () => {
    const current = { metadata: { name: 't', generation: 3 }, template };
    const next = { ...current, template: { ...template, metadata: {} } };
    expect(podTemplates.prepareForUpdate(next, current).metadata?.generation).toBe(4);
    expect(podTemplates.prepareForUpdate(current, current).metadata?.generation).toBe(3);
  });

  it('show their labels', () => expect(podTemplates.columns[3]?.cell({ template }, new Date())).toBe('a=1,b=2'));
});
