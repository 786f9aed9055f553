import { amountOf, amountText } from '../meta/resource-list.ts';
import type { LimitRangeItem, PersistentVolumeClaim, PodSpec, ResourceList } from '../meta/types.ts';
import { podResources } from '../resources/pod-resources.ts';

type Demand = { requests: ResourceList | undefined; limits: ResourceList | undefined };
type Check = (type: string, name: string, bound: string, demand: Demand) => string | undefined;

/** Every way in which the pod, or one of its containers, breaks the bounds (limitranger PodValidateLimitFunc). */
export function limitViolations(limit: LimitRangeItem, spec: PodSpec): string[] {
  const { type, min, max, maxLimitRequestRatio } = limit;
  const all: readonly (readonly [ResourceList | undefined, Check])[] = [
    [min, belowMinimum],
    [max, aboveMaximum],
    [maxLimitRequestRatio, aboveRatio],
  ];
  return demandsOf(type, spec).flatMap((demand) =>
    all.flatMap(([bounds, check]) =>
      Object.entries(bounds ?? {}).flatMap(([name, bound]) => check(type, name, bound, demand) ?? []),
    ),
  );
}

/** The bounds of a claim are those of its request (limitranger PersistentVolumeClaimValidateLimitFunc). */
export function claimLimitViolations({ type, min, max }: LimitRangeItem, { spec }: PersistentVolumeClaim): string[] {
  if (type !== 'PersistentVolumeClaim') return [];
  const requests = spec?.resources?.requests;
  const demand = { requests, limits: requests };
  const below = Object.entries(min ?? {}).flatMap(([name, bound]) => belowMinimum(type, name, bound, demand) ?? []);
  const above = Object.entries(max ?? {}).flatMap(([name, bound]) => aboveRequest(type, name, bound, demand) ?? []);
  return [...below, ...above];
}

function demandsOf(type: string, spec: PodSpec): Demand[] {
  if (type === 'Pod') return [{ requests: podResources(spec, 'requests'), limits: podResources(spec, 'limits') }];
  if (type !== 'Container') return [];
  return [...spec.containers, ...(spec.initContainers ?? [])].map(({ resources }) => ({
    requests: resources?.requests,
    limits: resources?.limits,
  }));
}

const nanoOf = (list: ResourceList | undefined, name: string): bigint => amountOf(list, name).nano;

const belowMinimum: Check = (type, name, bound, { requests, limits }) => {
  const [request, limit] = [amountText(requests, name), amountText(limits, name)];
  const least = nanoOf({ [name]: bound }, name);
  const rule = `minimum ${name} usage per ${type} is ${bound}`;
  if (request === undefined) return `${rule}.  No request is specified`;
  if (nanoOf(requests, name) < least) return `${rule}, but request is ${request}`;
  return limit !== undefined && nanoOf(limits, name) < least ? `${rule}, but limit is ${limit}` : undefined;
};

const aboveMaximum: Check = (type, name, bound, { requests, limits }) => {
  const [request, limit] = [amountText(requests, name), amountText(limits, name)];
  const most = nanoOf({ [name]: bound }, name);
  const rule = `maximum ${name} usage per ${type} is ${bound}`;
  if (limit === undefined) return `${rule}.  No limit is specified`;
  if (nanoOf(limits, name) > most) return `${rule}, but limit is ${limit}`;
  return request !== undefined && nanoOf(requests, name) > most ? `${rule}, but request is ${request}` : undefined;
};

const aboveRequest: Check = (type, name, bound, { requests }) =>
  nanoOf(requests, name) > nanoOf({ [name]: bound }, name)
    ? `maximum ${name} usage per ${type} is ${bound}, but request is ${amountText(requests, name)}`
    : undefined;

const aboveRatio: Check = (type, name, bound, { requests, limits }) => {
  const [request, limit] = [nanoOf(requests, name), nanoOf(limits, name)];
  const rule = `${name} max limit to request ratio per ${type} is ${bound}`;
  if (request === 0n) return `${rule}, but no request is specified or request is 0`;
  if (limit === 0n) return `${rule}, but no limit is specified or limit is 0`;
  const isMore = limit * 10n ** 9n > request * nanoOf({ [name]: bound }, name);
  return isMore ? `${rule}, but provided ratio is ${(Number(limit) / Number(request)).toFixed(6)}` : undefined;
};
