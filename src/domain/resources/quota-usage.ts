import type { KubernetesObject, PersistentVolumeClaim, Pod, ResourceList, Service } from '../meta/types.ts';
import { claimQuotaUsage } from './claim-quota-usage.ts';
import { persistentVolumeClaims } from './persistent-volume-claim.ts';
import { pods } from './pod.ts';
import { podQuotaUsage } from './pod-quota-usage.ts';
import type { ResourceDefinition } from './resource-definition.ts';
import { serviceQuotaUsage } from './service-quota-usage.ts';
import { services } from './service.ts';

/** Kinds that quotas count by their bare names too (kubernetes pkg/quota/v1/evaluator/core/registry.go legacyObjectCountAliases). */
const bareNames = new Set(['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets']);

/** `count/deployments.apps`, `count/pods` */
const countName = ({ group, plural }: ResourceDefinition): string =>
  `count/${plural}${group === '' ? '' : `.${group}`}`;

/** What an object takes of a quota's resources. */
export function quotaUsage(definition: ResourceDefinition, object: KubernetesObject, now: Date): ResourceList {
  const { group, plural } = definition;
  return {
    [countName(definition)]: '1',
    ...(group === '' && bareNames.has(plural) ? { [plural]: '1' } : {}),
    ...(group === '' ? coreUsage(definition.kind, object, now) : {}),
  };
}

function coreUsage(kind: string, object: KubernetesObject, now: Date): ResourceList {
  switch (kind) {
    case pods.kind:
      return podQuotaUsage(object as Pod, now);
    case services.kind:
      return serviceQuotaUsage(object as Service);
    case persistentVolumeClaims.kind:
      return claimQuotaUsage(object as PersistentVolumeClaim);
    default:
      return {};
  }
}
