import { describe, expect, it } from 'vitest';
import { defaultStorageClass } from '../../domain/admission/default-storage-class.ts';
import { storageProtection } from '../../domain/admission/storage-protection.ts';
import type { PersistentVolume, PersistentVolumeClaim, PersistentVolumeSpec, Pod } from '../../domain/meta/types.ts';
import { persistentVolumeClaims } from '../../domain/resources/persistent-volume-claim.ts';
import { persistentVolumes } from '../../domain/resources/persistent-volume.ts';
import { pods } from '../../domain/resources/pod.ts';
import { bootstrapStorageClass, storageClasses } from '../../domain/resources/storage-class.ts';
import { startEphemeralVolumeController } from '../../domain/controllers/storage/ephemeral-volume-controller.ts';
import { startPersistentVolumeClaimController } from '../../domain/controllers/storage/persistentvolumeclaim-controller.ts';
import { startPersistentVolumeController } from '../../domain/controllers/storage/persistentvolume-controller.ts';
import { startStorageProtectionController } from '../../domain/controllers/storage/storage-protection-controller.ts';
import { quiet, testCluster } from '../../domain/controllers/test-cluster.ts';

const key = { namespace: 'default', name: 'data' };

const claim = (spec: PersistentVolumeClaim['spec'] = {}): PersistentVolumeClaim => ({
  metadata: key,
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
});

const volume = (name: string, storage: string, spec: PersistentVolumeSpec = {}): PersistentVolume => ({
  metadata: { name },
  spec: { capacity: { storage }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/data' }, ...spec },
});

const user: Pod = {
  metadata: { namespace: 'default', name: 'user' },
  spec: {
    containers: [{ name: 'c', image: 'i' }],
    volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }],
  },
};

async function cluster(free = 2 ** 40) {
  const made = await testCluster([defaultStorageClass(), storageProtection()]);
  const options = { ...made, nodeName: 'plc-1', freeBytes: async () => free };
  void startPersistentVolumeClaimController(options);
  void startPersistentVolumeController(options);
  void startStorageProtectionController(options);
  void startEphemeralVolumeController(options);
  const { registry } = made;
  return {
    ...made,
    seen: async () => {
      await quiet(made);
      const found = registry.find(persistentVolumeClaims, key);
      return {
        phase: found?.status?.phase,
        volume: found?.spec?.volumeName,
        size: found?.status?.capacity?.['storage'],
      };
    },
    phaseOf: (name: string) => registry.find(persistentVolumes, { namespace: '', name })?.status?.phase,
  };
}

describe('claims', () => {
  it('get the smallest volume that is large enough', async () => {
    const { registry, seen, phaseOf } = await cluster();
    for (const [name, size] of [
      ['small', '512Mi'],
      ['large', '5Gi'],
      ['fitting', '2Gi'],
    ] as const) {
      await registry.create(persistentVolumes, volume(name, size));
    }
    await registry.create(persistentVolumeClaims, claim());
    expect(await seen()).toEqual({ phase: 'Bound', volume: 'fitting', size: '2Gi' });
    expect(['small', 'large', 'fitting'].map(phaseOf)).toEqual(['Available', 'Available', 'Bound']);
    const { spec } = registry.get(persistentVolumes, { namespace: '', name: 'fitting' });
    expect(spec?.claimRef).toMatchObject({
      namespace: 'default',
      name: 'data',
      uid: registry.get(persistentVolumeClaims, key).metadata?.uid,
    });
  });

  it.each([
    ['access modes', volume('v', '2Gi', { accessModes: ['ReadOnlyMany'] }), {}],
    ['a class', volume('v', '2Gi', { storageClassName: 'fast' }), {}],
    ['labels', volume('v', '2Gi'), { selector: { matchLabels: { disk: 'fast' } } }],
    ['a mode', volume('v', '2Gi', { volumeMode: 'Block' }), {}],
    ['somebody else', volume('v', '2Gi', { claimRef: { namespace: 'default', name: 'other' } }), {}],
  ])('do not get a volume with %s that they did not ask for', async (_what, offered, spec) => {
    const { registry, seen, messages } = await cluster();
    await registry.create(persistentVolumes, offered);
    await registry.create(persistentVolumeClaims, claim(spec));
    expect(await seen()).toMatchObject({ phase: 'Pending', volume: undefined });
    expect(messages('FailedBinding')).toEqual([
      'no persistent volumes available for this claim and no storage class is set',
    ]);
  });

  it('get the volume that is kept for them, also when it comes later', async () => {
    const { registry, seen } = await cluster();
    await registry.create(persistentVolumeClaims, claim());
    expect(await seen()).toMatchObject({ phase: 'Pending' });
    await registry.create(
      persistentVolumes,
      volume('kept', '9Gi', { claimRef: { namespace: 'default', name: 'data' } }),
    );
    expect(await seen()).toMatchObject({ phase: 'Bound', volume: 'kept' });
  });

  it('get the volume that they name', async () => {
    const { registry, seen } = await cluster();
    await registry.create(persistentVolumes, volume('first', '1Gi'));
    await registry.create(persistentVolumes, volume('named', '9Gi'));
    await registry.create(persistentVolumeClaims, claim({ volumeName: 'named' }));
    expect(await seen()).toMatchObject({ phase: 'Bound', volume: 'named' });
  });

  it('of the default class get a volume of the engine once a pod wants them', async () => {
    const { registry, seen, messages, phaseOf } = await cluster();
    await registry.create(storageClasses, bootstrapStorageClass);
    await registry.create(persistentVolumeClaims, claim());
    expect(await seen()).toMatchObject({ phase: 'Pending' });
    expect(messages('WaitForFirstConsumer')).toHaveLength(1);
    await registry.create(pods, user);
    const { volume: name, phase } = await seen();
    expect([phase, phaseOf(name ?? '')]).toEqual(['Bound', 'Bound']);
    const { spec, metadata } = registry.get(persistentVolumes, { namespace: '', name: name ?? '' });
    expect(spec).toMatchObject({ persistentVolumeReclaimPolicy: 'Delete', storageClassName: 'local' });
    expect(spec?.csi?.volumeHandle).toMatch(/^data_default_[0-9a-f]{8}$/);
    expect(metadata?.finalizers).toEqual(['k2d.io/engine-volume', 'kubernetes.io/pv-protection']);
  });

  it('for more than the disk has wait', async () => {
    const { registry, seen, messages } = await cluster(2 ** 20);
    await registry.create(storageClasses, { ...bootstrapStorageClass, volumeBindingMode: 'Immediate' });
    await registry.create(persistentVolumeClaims, claim());
    expect(await seen()).toMatchObject({ phase: 'Pending' });
    expect(messages('ProvisioningFailed')).toEqual(['1Gi were asked for, and the disk has 1Mi left']);
  });

  it('grow where their class allows it', async () => {
    const { registry, seen } = await cluster();
    await registry.create(storageClasses, { ...bootstrapStorageClass, volumeBindingMode: 'Immediate' });
    await registry.create(persistentVolumeClaims, claim());
    expect(await seen()).toMatchObject({ phase: 'Bound', size: '1Gi' });
    await registry.update(persistentVolumeClaims, key, (current) => ({
      ...current,
      spec: { ...current.spec, resources: { requests: { storage: '3Gi' } } },
    }));
    expect(await seen()).toMatchObject({ phase: 'Bound', size: '3Gi' });
  });

  it('are lost with their volume', async () => {
    const { registry, seen, messages } = await cluster();
    await registry.create(persistentVolumes, volume('v', '1Gi'));
    await registry.create(persistentVolumeClaims, claim());
    await seen();
    await registry.delete(persistentVolumes, { namespace: '', name: 'v' });
    await registry.update(persistentVolumes, { namespace: '', name: 'v' }, (current) => ({
      ...current,
      metadata: { ...current.metadata, finalizers: [] },
    }));
    expect(await seen()).toMatchObject({ phase: 'Lost' });
    expect(messages('ClaimLost')).toHaveLength(1);
  });
});

describe('what is in use stays', () => {
  it('a claim until no pod mounts it, its volume until no claim has it', async () => {
    const { registry, seen, phaseOf } = await cluster();
    await registry.create(persistentVolumes, volume('v', '1Gi'));
    await registry.create(persistentVolumeClaims, claim());
    await registry.create(pods, user);
    await seen();
    await registry.delete(persistentVolumeClaims, key);
    await registry.delete(persistentVolumes, { namespace: '', name: 'v' });
    expect(await seen()).toMatchObject({ phase: 'Bound' });
    expect(phaseOf('v')).toBe('Bound');
    await registry.delete(pods, { namespace: 'default', name: 'user' }, { gracePeriodSeconds: 0 });
    expect(await seen()).toMatchObject({ phase: undefined });
    expect(phaseOf('v')).toBeUndefined();
  });

  it('a volume that is to be retained is released, and nobody gets it', async () => {
    const { registry, seen, phaseOf } = await cluster();
    await registry.create(persistentVolumes, volume('v', '1Gi'));
    await registry.create(persistentVolumeClaims, claim());
    await seen();
    await registry.delete(persistentVolumeClaims, key);
    await seen();
    expect(phaseOf('v')).toBe('Released');
    await registry.create(persistentVolumeClaims, claim());
    expect(await seen()).toMatchObject({ phase: 'Pending' });
  });
});

it('generic ephemeral volumes have claims that their pod owns', async () => {
  const made = await cluster();
  const template = { spec: claim().spec!, metadata: { labels: { of: 'scratch' } } };
  const pod = await made.registry.create(pods, {
    ...user,
    spec: { ...user.spec!, volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: template } }] },
  });
  await quiet(made);
  const { metadata } = made.registry.get(persistentVolumeClaims, { namespace: 'default', name: 'user-scratch' });
  expect(metadata?.labels).toEqual({ of: 'scratch' });
  expect(metadata?.ownerReferences).toMatchObject([
    { kind: 'Pod', name: 'user', uid: pod.metadata?.uid, controller: true },
  ]);
});
