import { amountText, only, sumOf } from '../meta/resource-list.ts';
import type { KubernetesObject, ResourceList, ResourceQuota } from '../meta/types.ts';
import { isForeign } from './foreign-pod.ts';
import { isClaimQuotaName } from './claim-quota-usage.ts';
import { persistentVolumeClaims } from './persistent-volume-claim.ts';
import { isPodQuotaName } from './pod-quota-usage.ts';
import { pods } from './pod.ts';
import { isInQuotaScope } from './quota-scope.ts';
import { quotaUsage } from './quota-usage.ts';
import type { ResourceDefinition } from './resource-definition.ts';

const isHard = ({ spec }: ResourceQuota, name: string): boolean => amountText(spec?.hard, name) !== undefined;

/** What these objects of one resource, those of other people apart, take of what the quota limits; nothing of it is zero for names that they are counted under. */
export function quotaConsumption(
  quota: ResourceQuota,
  definition: ResourceDefinition,
  objects: readonly KubernetesObject[],
  now: Date,
): ResourceList {
  const counted = objects.filter((object) => !isForeign(object) && isInQuotaScope(quota, definition, object));
  const usage = sumOf(
    counted.map((object) => only(quotaUsage(definition, object, now), (name) => isHard(quota, name))),
  );
  return { ...nothing(quota, definition, now), ...usage };
}

const nothing = (quota: ResourceQuota, definition: ResourceDefinition, now: Date): ResourceList =>
  Object.fromEntries(
    Object.keys(quota.spec?.hard ?? {})
      .filter(countedUnder(definition, now))
      .map((name) => [name, '0']),
  );

function countedUnder(definition: ResourceDefinition, now: Date): (name: string) => boolean {
  const { group, kind } = definition;
  if (group === '' && kind === pods.kind) return isPodQuotaName;
  if (group === '' && kind === persistentVolumeClaims.kind) return isClaimQuotaName;
  const names = quotaUsage(definition, {}, now);
  return (name) => Object.hasOwn(names, name);
}
