import type { ContainerResources } from '../../container-runtime/container.ts';
import type { Container } from '../../meta/types.ts';

/** What a container was made with, or given since: limits and requests as its spec had them. */
export type GivenResources = Pick<NonNullable<Container['resources']>, 'limits' | 'requests'>;

export const givenBy = ({ resources }: Container): GivenResources => {
  const { limits, requests } = resources ?? {};
  return { ...(limits ? { limits } : {}), ...(requests ? { requests } : {}) };
};

/** Of a container's label; undefined for containers of versions that did not write it. */
export function parseGiven(text: string | undefined): GivenResources | undefined {
  try {
    return JSON.parse(text ?? '') as GivenResources;
  } catch {
    return undefined;
  }
}

/** Only these are looked at: everything else of a container stays as it was made. */
export const sameLimits = (a: ContainerResources, b: ContainerResources): boolean =>
  a.memoryBytes === b.memoryBytes && a.cpuMillis === b.cpuMillis && a.cpuShares === b.cpuShares;
