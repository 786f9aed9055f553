import { sameJson } from '../../meta/deep-equal.ts';
import { parseMilli } from '../../meta/quantity.ts';
import type { Container } from '../../meta/types.ts';
import type { GivenResources } from './given-resources.ts';

export type ResizePlan = 'none' | 'inPlace' | 'restart';

const resizable = ['cpu', 'memory'] as const;

/** What has to be done so that a container that runs with the one gets the other (kuberuntime_manager.go computePodResizeAction). */
export function resizePlan({ resizePolicy = [], resources = {} }: Container, given: GivenResources): ResizePlan {
  const changed = resizable.filter((name) =>
    (['limits', 'requests'] as const).some((side) => !sameAmount(resources[side]?.[name], given[side]?.[name])),
  );
  if (changed.length === 0) return 'none';
  const restarts = changed.some((name) =>
    resizePolicy.some((policy) => policy.resourceName === name && policy.restartPolicy === 'RestartContainer'),
  );
  return restarts ? 'restart' : 'inPlace';
}

const sameAmount = (a: string | undefined, b: string | undefined): boolean =>
  sameJson(a, b) || (a !== undefined && b !== undefined && parseMilli(a) === parseMilli(b));
