import { metaOf } from '../meta/object-key.ts';
import type { Container, Pod, ResourceList } from '../meta/types.ts';
import { podResources } from './pod-resources.ts';
import { isExtendedResource } from './standard-resource-names.ts';

/** What both `cpu` and `requests.cpu` are about. */
const shared = new Set(['cpu', 'memory', 'ephemeral-storage']);

const isHugePages = (name: string): boolean => name.startsWith('hugepages-');

/**
 * After this, in milliseconds since 1970, a pod that is being deleted ought to be gone (kubernetes pkg/quota/v1/evaluator/core/pods.go QuotaV1Pod:
 * the time of deletion has the grace in it already, and is given it once more).
 */
export function overdueAt(pod: Pod): number | undefined {
  const { deletionTimestamp, deletionGracePeriodSeconds } = metaOf(pod);
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return undefined;
  return Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

/** A pod that has ended, or ought to have, takes nothing but its place. */
function isOver(pod: Pod, now: Date): boolean {
  const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  return ended || now.getTime() > (overdueAt(pod) ?? Infinity);
}

/** What a quota calls these requests and limits (podComputeUsageHelper). */
function computeUsage(requests: ResourceList, limits: ResourceList): ResourceList {
  const requested = Object.entries(requests).flatMap(([name, amount]) => {
    const underBothNames = shared.has(name) || isHugePages(name);
    if (!underBothNames && !isExtendedResource(name)) return [];
    return [[`requests.${name}`, amount] as const, ...(underBothNames ? [[name, amount] as const] : [])];
  });
  const limited = Object.entries(limits).filter(([name]) => shared.has(name));
  return Object.fromEntries([...requested, ...limited.map(([name, amount]) => [`limits.${name}`, amount] as const)]);
}

/** kubernetes pkg/quota/v1/evaluator/core/pods.go PodUsageFunc */
export const podQuotaUsage = (pod: Pod, now: Date): ResourceList =>
  isOver(pod, now)
    ? {}
    : { pods: '1', ...computeUsage(podResources(pod.spec, 'requests'), podResources(pod.spec, 'limits')) };

const computeName = /^((requests|limits)\.)?(cpu|memory|ephemeral-storage)$|^(requests\.)?hugepages-/;

/** Whether a quota on this name concerns pods (MatchingResources). */
export const isPodQuotaName = (name: string): boolean =>
  name === 'pods' ||
  name === 'count/pods' ||
  computeName.test(name) ||
  (name.startsWith('requests.') && isExtendedResource(name));

const demanded = /^((requests|limits)\.)?(cpu|memory)$/;

/**
 * Where CPU or memory is a matter of quota, every container must say how much it wants; the text says which does not
 * (kubernetes pkg/quota/v1/evaluator/core/pods.go Constraints).
 */
export function missingDemands({ spec }: Pod, names: readonly string[]): string | undefined {
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  const missing = names
    .filter((name) => demanded.test(name))
    .toSorted()
    .flatMap((name) => {
      const silent = containers.filter((container) => !says(container, name)).map((container) => container.name);
      return silent.length === 0 ? [] : [`${name} for: ${[...new Set(silent)].toSorted().join(',')}`];
    });
  return missing.length === 0 ? undefined : `must specify ${missing.join('; ')}`;
}

const says = ({ resources }: Container, name: string): boolean =>
  Object.hasOwn(computeUsage(resources?.requests ?? {}, resources?.limits ?? {}), name);
