import { expect, test } from 'vitest';
import type { PersistentVolume } from '../../meta/types.ts';
import { planClaim } from './claim-plan.ts';

test('a volume that was promised to the claim itself comes before one that is reserved for its name', () => {
  const key = { namespace: 'default', name: 'data' };
  const volume = (name: string, claimRef: object): PersistentVolume => ({ metadata: { name }, spec: { claimRef } });
  const volumes = [volume('any', key), volume('made', { ...key, uid: 'u' })];
  const surroundings = { volumes, storageClass: undefined, hasConsumer: true };
  expect(planClaim({ metadata: { ...key, uid: 'u' } }, surroundings)).toEqual({ do: 'bind', volume: volumes[1] });
  expect(planClaim({ metadata: { ...key, uid: 'v' } }, surroundings)).toEqual({ do: 'bind', volume: volumes[0] });
});
