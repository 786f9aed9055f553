import type { Clock } from '../meta/clock.ts';
import { metaOf } from '../meta/object-key.ts';
import { amountOf, amountText, excessOf, only, sumOf } from '../meta/resource-list.ts';
import { forbidden } from '../meta/status-error.ts';
import type { KubernetesObject, Pod, ResourceList, ResourceQuota } from '../meta/types.ts';
import { events } from '../resources/event.ts';
import { isForeign } from '../resources/foreign-pod.ts';
import { isPodQuotaName, missingDemands } from '../resources/pod-quota-usage.ts';
import { persistentVolumeClaims } from '../resources/persistent-volume-claim.ts';
import { pods } from '../resources/pod.ts';
import { quotaConsumption } from '../resources/quota-consumption.ts';
import { isInQuotaScope } from '../resources/quota-scope.ts';
import { groupResource } from '../resources/resource-definition.ts';
import { resourceQuotas } from '../resources/resource-quota.ts';
import { services } from '../resources/service.ts';
import type { AdmissionPlugin, AdmissionRequest } from './chain.ts';
import { QuotaReservations } from './quota-reservations.ts';

/**
 * Refuses what a namespace's quotas leave no room for (apiserver pkg/admission/plugin/resourcequota/controller.go). What is used is counted
 * from the objects themselves: a quota's status may lag behind them.
 */
export function resourceQuota({ clock }: { clock: Clock }): AdmissionPlugin {
  const reservations = new QuotaReservations();
  return {
    name: 'ResourceQuota',
    validate(request, lister) {
      const { definition, key, object, oldObject } = request;
      if (!object || !isCounted(request)) return;
      const quotas = lister
        .all(resourceQuotas, key.namespace)
        .filter((quota) => isInQuotaScope(quota, definition, object));
      if (quotas.length === 0) return;
      const others = reservations.objects(request, lister).filter((other) => other !== oldObject);
      for (const quota of quotas) {
        const refusal = refusalBy(quota, request, object, others, clock.now());
        if (refusal !== undefined) throw forbidden(groupResource(definition), key.name, refusal);
      }
      if (!request.dryRun) reservations.hold(request, object, lister);
    },
  };
}

/** Objects count when they are made; a Service also when it changes its type, a claim when it grows (the evaluators' Handles). */
function isCounted({ operation, definition, subresource, key, object }: AdmissionRequest): boolean {
  if (key.namespace === '' || subresource !== undefined) return false;
  // They come and go by themselves (kubernetes pkg/quota/v1/install/registry.go DefaultIgnoredResources).
  if (definition.group === events.group && definition.kind === events.kind) return false;
  if (isPod(definition) && object && isForeign(object)) return false;
  const changesItsUse =
    definition.group === '' && [services.kind, persistentVolumeClaims.kind].includes(definition.kind);
  return operation === 'CREATE' || (operation === 'UPDATE' && changesItsUse);
}

const isPod = ({ group, kind }: AdmissionRequest['definition']): boolean => group === pods.group && kind === pods.kind;

function refusalBy(
  quota: ResourceQuota,
  { definition, oldObject }: AdmissionRequest,
  object: KubernetesObject,
  others: readonly KubernetesObject[],
  now: Date,
): string | undefined {
  const { name } = metaOf(quota);
  const hard = quota.spec?.hard ?? {};
  const missing = isPod(definition)
    ? missingDemands(object as Pod, Object.keys(hard).filter(isPodQuotaName))
    : undefined;
  if (missing !== undefined) return `failed quota: ${name}: ${missing}`;
  const taken = (objects: readonly KubernetesObject[]) => quotaConsumption(quota, definition, objects, now);
  const before = taken(oldObject ? [oldObject] : []);
  const requested = excessOf(taken([object]), before);
  const used = sumOf([taken(others), before]);
  const wanted = sumOf([used, requested]);
  const exceeded = (resource: string) =>
    amountText(requested, resource) !== undefined && amountOf(wanted, resource).nano > amountOf(hard, resource).nano;
  if (!Object.keys(hard).some(exceeded)) return undefined;
  const show = (list: ResourceList) => formatAmounts(only(list, exceeded));
  return `exceeded quota: ${name}, requested: ${show(requested)}, used: ${show(used)}, limited: ${show(hard)}`;
}

/** `pods=1,requests.cpu=500m` */
const formatAmounts = (list: ResourceList): string =>
  Object.entries(list)
    .map(([name, amount]) => `${name}=${amount}`)
    .toSorted()
    .join(',');
