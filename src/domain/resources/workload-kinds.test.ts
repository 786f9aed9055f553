import { describe, expect, it } from 'vitest';
import type { DaemonSet, KubernetesObject, ReplicationController, StatefulSet } from '../meta/types.ts';
import { daemonSets } from './daemon-set.ts';
import { replicationControllers } from './replication-controller.ts';
import type { ResourceDefinition } from './resource-definition.ts';
import { scaleOf } from './scale.ts';
import { statefulSets } from './stateful-set.ts';

const textsOf = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

const refused = <T extends KubernetesObject>(definition: ResourceDefinition<T>, object: T): string[] =>
  textsOf(definition.validate(definition.default(object)));

const labels = { app: 'db' };
const template = { metadata: { labels }, spec: { containers: [{ name: 'a', image: 'i' }] } };
const selector = { matchLabels: labels };

describe('StatefulSets', () => {
  type Spec = NonNullable<StatefulSet['spec']>;
  const spec: Spec = { serviceName: 'db', selector, template };
  const claim = { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } };
  const mounting = {
    ...template,
    spec: { containers: [{ name: 'a', image: 'i', volumeMounts: [{ name: 'data', mountPath: '/data' }] }] },
  };

  it('have the defaults of Kubernetes', () =>
    expect(statefulSets.default({ spec: { ...spec, volumeClaimTemplates: [claim] } })).toMatchObject({
      spec: {
        replicas: 1,
        podManagementPolicy: 'OrderedReady',
        revisionHistoryLimit: 10,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        template: { spec: { restartPolicy: 'Always', dnsPolicy: 'ClusterFirst' } },
        volumeClaimTemplates: [
          {
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            spec: { volumeMode: 'Filesystem' },
            status: { phase: 'Pending' },
          },
        ],
      },
      status: { replicas: 0, availableReplicas: 0 },
    }));

  it('get no partition where the strategy is said in full', () => {
    const strategyOf = (updateStrategy: Spec['updateStrategy']) =>
      statefulSets.default({ spec: { ...spec, updateStrategy: updateStrategy! } }).spec?.updateStrategy;
    expect(strategyOf({ type: 'RollingUpdate' })).toEqual({ type: 'RollingUpdate' });
    expect(strategyOf({ type: 'OnDelete' })).toEqual({ type: 'OnDelete' });
    expect(strategyOf({ rollingUpdate: { partition: 2 } })).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { partition: 2 },
    });
  });

  it('of the usual kind are valid, with containers that mount their claims', () => {
    expect(refused(statefulSets, { spec })).toEqual([]);
    expect(refused(statefulSets, { spec: { ...spec, template: mounting, volumeClaimTemplates: [claim] } })).toEqual([]);
    expect(refused(statefulSets, { spec: { ...spec, template: mounting } })).toEqual([
      'spec.template.spec.containers[0].volumeMounts[0].name: Not found: "data"',
    ]);
  });

  it.each<[string, Partial<Spec>]>([
    ['spec.replicas: Invalid value: -1: must be greater than or equal to 0', { replicas: -1 }],
    ['spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0', { ordinals: { start: -1 } }],
    ['spec.selector: Invalid value: {}: empty selector is invalid for statefulset', { selector: {} }],
    [
      "spec.podManagementPolicy: Invalid value: \"Random\": must be 'OrderedReady' or 'Parallel'",
      { podManagementPolicy: 'Random' },
    ],
    [
      'spec.updateStrategy: Invalid value: {"type":"Recreate"}: must be \'RollingUpdate\' or \'OnDelete\'',
      { updateStrategy: { type: 'Recreate' } },
    ],
    [
      'spec.updateStrategy.rollingUpdate: Invalid value: {"partition":1}: only allowed for updateStrategy \'RollingUpdate\'',
      { updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 1 } } },
    ],
    [
      'spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0',
      { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: -1 } } },
    ],
    [
      'spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: 0: cannot be 0',
      { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0 } } },
    ],
    [
      'spec.persistentVolumeClaimRetentionPolicy.whenScaled: Unsupported value: "Keep": supported values: "Retain", "Delete"',
      { persistentVolumeClaimRetentionPolicy: { whenScaled: 'Keep' } },
    ],
    [
      'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in StatefulSet is not Supported',
      { template: { ...template, spec: { ...template.spec, activeDeadlineSeconds: 5 } } },
    ],
  ])('are refused: %s', (text, change) =>
    expect(refused(statefulSets, { spec: { ...spec, ...change } })).toEqual([text]),
  );

  it('keep what their pods and claims depend on', () => {
    const current = { spec };
    const changed = (change: Partial<Spec>) =>
      textsOf(statefulSets.validateUpdate({ spec: { ...spec, ...change } }, current));
    expect(changed({ replicas: 3, minReadySeconds: 1, revisionHistoryLimit: 1, ordinals: { start: 2 } })).toEqual([]);
    expect(changed({ serviceName: 'other' })).toEqual([
      "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ]);
    expect(changed({ volumeClaimTemplates: [claim] })).toHaveLength(1);
    expect(changed({ podManagementPolicy: 'Parallel' })).toHaveLength(1);
  });

  it('have names that can be part of a host name', () => {
    expect(statefulSets.nameRule('db')).toEqual([]);
    expect(statefulSets.nameRule('db.one')).toHaveLength(1);
  });
});

describe('DaemonSets', () => {
  type Spec = NonNullable<DaemonSet['spec']>;
  const spec: Spec = { selector, template };

  it('have the defaults of Kubernetes', () =>
    expect(daemonSets.default({ spec })).toMatchObject({
      spec: {
        revisionHistoryLimit: 10,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      },
      status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
    }));

  it('of the usual kind are valid', () => expect(refused(daemonSets, { spec })).toEqual([]));

  const rolling = (rollingUpdate: object): Partial<Spec> => ({
    updateStrategy: { type: 'RollingUpdate', rollingUpdate },
  });

  it.each<[string, Partial<Spec>]>([
    ['spec.selector: Invalid value: {}: empty selector is invalid for daemonset', { selector: {} }],
    [
      'spec.updateStrategy: Unsupported value: {"type":"Recreate"}: supported values: "RollingUpdate", "OnDelete"',
      { updateStrategy: { type: 'Recreate' } },
    ],
    [
      'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero',
      rolling({ maxSurge: 1 }),
    ],
    [
      'spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0',
      rolling({ maxUnavailable: 0 }),
    ],
    [
      'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in DaemonSet is not Supported',
      { template: { ...template, spec: { ...template.spec, activeDeadlineSeconds: 5 } } },
    ],
  ])('are refused: %s', (text, change) =>
    expect(refused(daemonSets, { spec: { ...spec, ...change } })).toEqual([text]),
  );

  it('keep their selector', () =>
    expect(textsOf(daemonSets.validateUpdate({ spec: { ...spec, selector: {} } }, { spec }))).toEqual([
      'spec.selector: Invalid value: {}: field is immutable',
    ]));
});

describe('ReplicationControllers', () => {
  type Spec = NonNullable<ReplicationController['spec']>;

  it('take their selector and labels from the template', () =>
    expect(replicationControllers.default({ metadata: { name: 'db' }, spec: { template } })).toMatchObject({
      metadata: { name: 'db', labels },
      spec: { replicas: 1, selector: labels, template: { spec: { restartPolicy: 'Always' } } },
    }));

  it.each<[string[], Partial<Spec>]>([
    [[], { template }],
    [['spec.selector: Required value'], { template: { ...template, metadata: {} } }],
    [
      ['spec.template.metadata.labels: Invalid value: {"app":"db"}: `selector` does not match template `labels`'],
      { template, selector: { app: 'web' } },
    ],
    [
      [
        'spec.template: Required value',
        'spec.template.spec.restartPolicy: Unsupported value: "": supported values: "Always"',
      ],
      { selector: {} },
    ],
  ])('are refused: %j', (texts, spec) => {
    const errors = refused(replicationControllers, { spec });
    expect(texts.filter((text) => !errors.includes(text))).toEqual([]);
    expect(errors.length > 0).toBe(texts.length > 0);
  });

  const scaled: ReplicationController = { metadata: { name: 'db' }, spec: { replicas: 2, selector: labels } };

  it('are scaled by their labels', () =>
    expect(scaleOf(replicationControllers, scaled)).toMatchObject({
      spec: { replicas: 2 },
      status: { selector: 'app=db' },
    }));
});
