import type { PersistentVolumeClaim, ResourceList } from '../meta/types.ts';

const ofClass = '.storageclass.storage.k8s.io/';

/** kubernetes pkg/quota/v1/evaluator/core/persistent_volume_claims.go Usage */
export function claimQuotaUsage({ spec, status }: PersistentVolumeClaim): ResourceList {
  // What a bound claim has may be more than it asked for, and was promised to it.
  const storage = spec?.resources?.requests?.['storage'] ?? status?.capacity?.['storage'];
  const usage = { persistentvolumeclaims: '1', ...(storage === undefined ? {} : { 'requests.storage': storage }) };
  const { storageClassName } = spec ?? {};
  if (!storageClassName) return usage;
  const named = Object.entries(usage).map(([name, amount]) => [`${storageClassName}${ofClass}${name}`, amount]);
  return { ...usage, ...Object.fromEntries(named) };
}

/** Names in a quota that speak of claims. */
export const isClaimQuotaName = (name: string): boolean =>
  ['persistentvolumeclaims', 'requests.storage', 'count/persistentvolumeclaims'].includes(name) ||
  name.endsWith(`${ofClass}requests.storage`) ||
  name.endsWith(`${ofClass}persistentvolumeclaims`);
