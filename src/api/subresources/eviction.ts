import type { Clock } from '../../domain/meta/clock.ts';
import { metaOf, keyOf } from '../../domain/meta/object-key.ts';
import { badRequest, internalError, tooManyRequests } from '../../domain/meta/status-error.ts';
import type { KubernetesObject, Pod, PodDisruptionBudget } from '../../domain/meta/types.ts';
import type { Registry } from '../../domain/registry/registry.ts';
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
import type { Verb } from '../verb.ts';
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
  const pod = registry.get(pods, key);
  if (needsNoBudget(pod)) {
    await registry.delete(pods, key, how);
    return success;
  }
  // A dry run finds out first whether the pod can be deleted at all; so does what is not dry, before it uses up the budget.
  await registry.delete(pods, key, { ...how, dryRun: true });
  await useBudget(registry, pod, clock, how.dryRun);
  if (how.dryRun) return success;
  const why = { reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' };
  await registry.update(pods, key, (current) => disruptionTarget(current, why, clock.now()), { subresource: 'status' });
  await registry.delete(pods, key, how);
  return success;
};

const success: Awaited<ReturnType<Verb>> = {
  kind: 'status',
  code: 201,
  status: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
};

/** Takes one of the allowed disruptions; throws 429 when there is none, 500 when it is unclear which budget counts. */
async function useBudget(registry: Registry, pod: Pod, clock: Clock, dryRun: boolean): Promise<void> {
  const { name = '', namespace } = metaOf(pod);
  const [budget, ...others] = registry.all(podDisruptionBudgets, namespace).filter((each) => isBudgetOf(each, pod));
  if (others.length > 0) {
    throw internalError(
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  if (!budget || letsUnhealthyGo(budget, pod)) return;
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
}

export const eviction: Subresource = {
  name: 'eviction',
  servedFor: ({ group, plural }) => group === pods.group && plural === pods.plural,
  verbs: { create: evict },
  responseKind: evictionKind,
};
