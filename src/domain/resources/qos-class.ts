import { parseMilli } from '../meta/quantity.ts';
import type { Container, PodSpec } from '../meta/types.ts';

const counted = ['cpu', 'memory'] as const;
type Amounts = Readonly<Record<string, string>> | undefined;

const amount = (amounts: Amounts, resource: string): bigint => parseMilli(amounts?.[resource] ?? '0') ?? 0n;

const isGuaranteed = ({ resources }: Container): boolean =>
  counted.every((resource) => {
    const limit = amount(resources?.limits, resource);
    return limit > 0n && limit === amount(resources?.requests, resource);
  });

const wantsNothing = ({ resources }: Container): boolean =>
  counted.every(
    (resource) => amount(resources?.limits, resource) === 0n && amount(resources?.requests, resource) === 0n,
  );

/** Who is starved first (kubernetes pkg/apis/core/v1/helper/qos/qos.go ComputePodQOS). */
export function qosClass(spec: PodSpec | undefined): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  if (containers.every(wantsNothing)) return 'BestEffort';
  return containers.every(isGuaranteed) ? 'Guaranteed' : 'Burstable';
}
