import { amountText, only, sumOf } from '../meta/resource-list.ts';
import type { KubernetesObject, ResourceList, ResourceQuota } from '../meta/types.ts';
import { isForeign } from './foreign-pod.ts';
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

const nothing = (quota: ResourceQuota, definition: ResourceDefinition, now: Date): ResourceList => {
  const isPod = definition.kind === pods.kind && definition.group === pods.group;
  const possible = isPod ? isPodQuotaName : (name: string) => Object.hasOwn(quotaUsage(definition, {}, now), name);
  return Object.fromEntries(
    Object.keys(quota.spec?.hard ?? {})
      .filter(possible)
      .map((name) => [name, '0']),
  );
};
