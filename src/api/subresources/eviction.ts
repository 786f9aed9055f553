import type { Clock } from '../../domain/meta/clock.ts';
import { keyOf, metaOf, type ObjectKey } from '../../domain/meta/object-key.ts';
import { badRequest, internalError, isConflict, tooManyRequests } from '../../domain/meta/status-error.ts';
import type { KubernetesObject, Pod, PodDisruptionBudget } from '../../domain/meta/types.ts';
import { checkPreconditions } from '../../domain/registry/before-delete.ts';
import type { Registry } from '../../domain/registry/registry.ts';
import type { DeleteOptions } from '../../domain/registry/write-options.ts';
import {
  budgetRefusal,
  disrupted,
  isBudgetOf,
  letsUnhealthyGo,
  needsNoBudget,
} from '../../domain/resources/disruption.ts';
import { disruptionTarget } from '../../domain/resources/disruption-target.ts';
import { podDisruptionBudgets } from '../../domain/resources/pod-disruption-budget.ts';
import { pods } from '../../domain/resources/pod.ts';
import { decodeBody } from '../codec/decode-body.ts';
import { checkedDeleteOptions, type WireDeleteOptions } from '../delete-options.ts';
import type { Answer, Verb, VerbContext } from '../verb.ts';
import { writeOptions } from '../write-options.ts';
import type { Subresource } from './subresource.ts';

const evictionKind = { group: 'policy', version: 'v1', kind: 'Eviction' };
const expected = { apiVersion: `${evictionKind.group}/${evictionKind.version}`, kind: evictionKind.kind };

type Eviction = KubernetesObject & { deleteOptions?: WireDeleteOptions };

/** Deletes the pod, if its disruption budget allows that, as `kubectl drain` asks for it (kubernetes pkg/registry/core/pod/storage/eviction.go). */
const evict: Verb = async ({ registry, clock }, { key, body, query, user, warn }) => {
  const { fieldValidation, dryRun } = writeOptions('CreateOptions', query);
  const asked = await decodeBody<Eviction>(body, expected, { fieldValidation, warn });
  if (metaOf(asked).name !== key.name) throw badRequest('name in URL does not match name in Eviction object');
  const { wantsAccepted: _, ...options } = checkedDeleteOptions(asked.deleteOptions ?? {});
  const how = { ...options, dryRun: dryRun || options.dryRun === true, user, warn };
  // Who asks for a version means that one.
  if (how.preconditions?.resourceVersion !== undefined) return evictAsSeen({ registry, clock }, key, how);
  for (let left = mostTries; ; left--) {
    const seen = metaOf(registry.get(pods, key)).resourceVersion;
    try {
      return await evictAsSeen({ registry, clock }, key, how);
    } catch (error) {
      const hasChanged = metaOf(registry.find(pods, key) ?? {}).resourceVersion !== seen;
      if (!isConflict(error) || !hasChanged || left === 1) throw error;
    }
  }
};

/** eviction.go EvictionsRetry: so often it is looked at again when the pod changes meanwhile. */
const mostTries = 20;

/** Throws 409 when the pod is no longer what the decision was about: one that gets ready meanwhile would go without its budget (eviction.go shouldEnforceResourceVersion). */
async function evictAsSeen(
  { registry, clock }: Pick<VerbContext, 'registry' | 'clock'>,
  key: ObjectKey,
  how: DeleteOptions,
): Promise<Answer> {
  const pod = registry.get(pods, key);
  const { uid = '', resourceVersion = '' } = metaOf(pod);
  const thisPod = { uid, ...how.preconditions };
  const asItIs = { resourceVersion, ...thisPod };
  if (needsNoBudget(pod)) {
    await registry.delete(pods, key, { ...how, preconditions: asItIs });
    return success;
  }
  // A dry run finds out first whether the pod can be deleted at all; so does what is not dry, before it uses up the budget.
  await registry.delete(pods, key, { ...how, preconditions: thisPod, dryRun: true });
  const meant = (await useBudget(registry, pod, clock, how.dryRun === true)) === 'unhealthy' ? asItIs : thisPod;
  if (how.dryRun) return success;
  const why = { reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' };
  const mark = (current: Pod): Pod => {
    checkPreconditions(pods, current, meant);
    return disruptionTarget(current, why, clock.now());
  };
  const marked = metaOf(await registry.update(pods, key, mark, { subresource: 'status' }));
  const version =
    meant.resourceVersion === undefined ? {} : { resourceVersion: marked.resourceVersion ?? resourceVersion };
  await registry.delete(pods, key, { ...how, preconditions: { ...meant, ...version } });
  return success;
}

const success: Awaited<ReturnType<Verb>> = {
  kind: 'status',
  code: 201,
  status: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
};

/**
 * Takes one of the allowed disruptions, unless no budget speaks of the pod or it is not healthy and may go for that; throws 429 when there is none, 500
 * when it is unclear which budget counts.
 */
async function useBudget(
  registry: Registry,
  pod: Pod,
  clock: Clock,
  dryRun: boolean,
): Promise<'none' | 'unhealthy' | 'taken'> {
  const { name = '', namespace } = metaOf(pod);
  const [budget, ...others] = registry.all(podDisruptionBudgets, namespace).filter((each) => isBudgetOf(each, pod));
  if (others.length > 0) {
    throw internalError(
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  if (!budget) return 'none';
  if (letsUnhealthyGo(budget, pod)) return 'unhealthy';
  const take = (current: PodDisruptionBudget): PodDisruptionBudget => {
    const refusal = budgetRefusal(current);
    if (refusal) {
      throw tooManyRequests(
        "Cannot evict pod as it would violate the pod's disruption budget.",
        [{ reason: 'DisruptionBudget', message: refusal.message }],
        refusal.retryAfterSeconds,
      );
    }
    return { ...current, status: disrupted(current.status!, name, clock.now()) };
  };
  await registry.update(podDisruptionBudgets, keyOf(budget), take, { subresource: 'status', dryRun });
  return 'taken';
}

export const eviction: Subresource = {
  name: 'eviction',
  servedFor: ({ group, plural }) => group === pods.group && plural === pods.plural,
  verbs: { create: evict },
  responseKind: evictionKind,
};
