import { expect, test } from 'vitest';
import type { PersistentVolume, PersistentVolumeClaim } from '../../meta/types.ts';
import { persistentVolumeClaims } from '../../resources/persistent-volume-claim.ts';
import { persistentVolumes } from '../../resources/persistent-volume.ts';
import { testCluster } from '../test-cluster.ts';
import { bindClaim } from './bind-claim.ts';
import { startStorageProtectionController } from './storage-protection-controller.ts';
import { quiet } from '../test-cluster.ts';

const key = { namespace: 'default', name: 'data' };
const volumeKey = { namespace: '', name: 'disk' };
const accessModes = ['ReadWriteOnce'];
const claim: PersistentVolumeClaim = {
  metadata: key,
  spec: { accessModes, resources: { requests: { storage: '1Gi' } } },
};
const volume: PersistentVolume = {
  metadata: { name: 'disk', finalizers: ['kubernetes.io/pv-protection'] },
  spec: { capacity: { storage: '1Gi' }, accessModes, hostPath: { path: '/data' } },
};

async function seen() {
  const cluster = await testCluster();
  const { registry } = cluster;
  return {
    ...cluster,
    claim: await registry.create(persistentVolumeClaims, claim),
    volume: await registry.create(persistentVolumes, volume),
    claimNow: () => registry.get(persistentVolumeClaims, key),
    volumeNow: () => registry.get(persistentVolumes, volumeKey),
  };
}

test('a claim made anew under the name is not bound to what the one before was to have', async () => {
  const { registry, claimNow, ...before } = await seen();
  await registry.delete(persistentVolumeClaims, key);
  await registry.create(persistentVolumeClaims, claim);
  await bindClaim(registry, before.claim, before.volume, undefined);
  expect(claimNow().spec).not.toHaveProperty('volumeName');
  expect(claimNow().status?.phase).toBe('Pending');
});

test('a volume that somebody reserved or deleted meanwhile is left to them', async () => {
  const { registry, claimNow, volumeNow, ...before } = await seen();
  const claimRef = { namespace: 'default', name: 'other' };
  await registry.update(persistentVolumes, volumeKey, (now) => ({ ...now, spec: { ...now.spec, claimRef } }));
  await bindClaim(registry, before.claim, before.volume, undefined);
  expect(volumeNow().spec?.claimRef).toEqual(claimRef);
  await registry.update(persistentVolumes, volumeKey, (now) => ({ ...now, spec: before.volume.spec! }));
  await registry.delete(persistentVolumes, volumeKey);
  await bindClaim(registry, before.claim, before.volume, undefined);
  expect(volumeNow().spec).not.toHaveProperty('claimRef');
  expect(claimNow().spec).not.toHaveProperty('volumeName');
});

test('a deleted volume stays with its claim, also when its phase was lost with the process', async () => {
  const { registry, volumeNow, ...cluster } = await seen();
  await bindClaim(registry, cluster.claim, cluster.volume, undefined);
  await registry.delete(persistentVolumes, volumeKey);
  expect(volumeNow().status?.phase).toBe('Pending');
  void startStorageProtectionController({ registry, ...cluster });
  await quiet({ registry });
  expect(volumeNow().metadata?.finalizers).toEqual(['kubernetes.io/pv-protection']);
});
