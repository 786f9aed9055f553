import { expect, it } from 'vitest';
import { systemClock } from '../meta/clock.ts';
import type { LimitRange, LimitRangeItem, PersistentVolumeClaim, ResourceList, ResourceQuota } from '../meta/types.ts';
import { limitRanges } from '../resources/limit-range.ts';
import { persistentVolumeClaims } from '../resources/persistent-volume-claim.ts';
import { resourceQuotas } from '../resources/resource-quota.ts';
import type { AdmissionPlugin } from './chain.ts';
import { clientRequest } from './client-request.ts';
import { limitRanger } from './limit-ranger.ts';
import { listerOf } from './lister-of.ts';
import { resourceQuota } from './resource-quota.ts';

const claim = (name: string, storage: string, storageClassName = 'local'): PersistentVolumeClaim => ({
  metadata: { namespace: 'plant', name },
  spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage } } },
});

function refusal(
  plugin: AdmissionPlugin,
  object: PersistentVolumeClaim,
  hard: ResourceList,
  limit?: LimitRangeItem,
): string {
  const quota: ResourceQuota = { metadata: { namespace: 'plant', name: 'q' }, spec: { hard } };
  const range: LimitRange = { metadata: { namespace: 'plant', name: 'l' }, spec: { limits: limit ? [limit] : [] } };
  const lister = listerOf(
    { definition: resourceQuotas, objects: [quota] },
    {
      definition: limitRanges,
      objects: [range],
    },
    { definition: persistentVolumeClaims, objects: [claim('a', '1Gi'), claim('b', '1Gi', 'fast')] },
  );
  try {
    void plugin.validate?.(clientRequest(persistentVolumeClaims, object), lister);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

it.each<[string, ResourceList, PersistentVolumeClaim, string]>([
  ['room for all', { persistentvolumeclaims: '3', 'requests.storage': '4Gi' }, claim('c', '2Gi'), ''],
  [
    'too many',
    { persistentvolumeclaims: '2' },
    claim('c', '1Gi'),
    'persistentvolumeclaims "c" is forbidden: exceeded quota: q, requested: persistentvolumeclaims=1, used: persistentvolumeclaims=2, limited: persistentvolumeclaims=2',
  ],
  [
    'too much of one class',
    { 'local.storageclass.storage.k8s.io/requests.storage': '2Gi' },
    claim('c', '2Gi'),
    'persistentvolumeclaims "c" is forbidden: exceeded quota: q, requested: local.storageclass.storage.k8s.io/requests.storage=2Gi, used: local.storageclass.storage.k8s.io/requests.storage=1Gi, limited: local.storageclass.storage.k8s.io/requests.storage=2Gi',
  ],
  ['of another class', { 'fast.storageclass.storage.k8s.io/persistentvolumeclaims': '1' }, claim('c', '2Gi'), ''],
])('a quota leaves %s', (_what, hard, object, message) => {
  expect(refusal(resourceQuota({ clock: systemClock }), object, hard)).toBe(message);
});

it.each<[LimitRangeItem, string]>([
  [{ type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '2Gi' } }, ''],
  [{ type: 'Container', max: { storage: '1Gi' } }, ''],
  [
    { type: 'PersistentVolumeClaim', min: { storage: '3Gi' } },
    'persistentvolumeclaims "c" is forbidden: minimum storage usage per PersistentVolumeClaim is 3Gi, but request is 2Gi',
  ],
  [
    { type: 'PersistentVolumeClaim', max: { storage: '1Gi' } },
    'persistentvolumeclaims "c" is forbidden: maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 2Gi',
  ],
])('bounds of %j', (limit, message) => {
  expect(refusal(limitRanger(), claim('c', '2Gi'), {}, limit)).toBe(message);
});
