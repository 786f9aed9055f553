import { amountOf, largestOf, only, sumOf } from '../meta/resource-list.ts';
import type { Container, PodSpec, ResourceList } from '../meta/types.ts';

type Side = 'requests' | 'limits';

/**
 * What a pod as a whole asks for or may use: its containers together, or an init container where one alone takes more, beside the sidecars
 * that were started before it (kubernetes staging/src/k8s.io/component-helpers/resource/helpers.go PodRequests, PodLimits).
 */
export function podResources(spec: PodSpec | undefined, side: Side): ResourceList {
  const of = ({ resources }: Pick<Container, 'resources'>) => resources?.[side];
  const initial: ResourceList[] = [];
  const sidecars: (ResourceList | undefined)[] = [];
  for (const container of spec?.initContainers ?? []) {
    if (container.restartPolicy === 'Always') sidecars.push(of(container));
    initial.push(sumOf(container.restartPolicy === 'Always' ? sidecars : [of(container), ...sidecars]));
  }
  const running = sumOf([...(spec?.containers ?? []).map(of), ...sidecars]);
  const whole = { ...largestOf([running, ...initial]), ...spec?.resources?.[side] };
  return sumOf([whole, overheadOf(spec?.overhead, side, whole)]);
}

/** What has no limit has none with overhead either. */
const overheadOf = (overhead: ResourceList | undefined, side: Side, whole: ResourceList): ResourceList =>
  only(overhead, (name) => side === 'requests' || amountOf(whole, name).nano !== 0n);
