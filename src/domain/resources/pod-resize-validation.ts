import { sameJson } from '../meta/deep-equal.ts';
import { forbiddenField, invalidValue, type FieldError } from '../meta/field-error.ts';
import type { Container, PodSpec } from '../meta/types.ts';
import { qosClass } from './qos-class.ts';

type Requirements = NonNullable<Container['resources']>;

const lists = ['initContainers', 'containers'] as const;

const withoutCpuAndMemory = ({ limits, requests, ...rest }: Requirements) => {
  const others = (amounts: Requirements['limits']) => {
    const { cpu: _cpu, memory: _memory, ...left } = amounts ?? {};
    return left;
  };
  return { ...rest, limits: others(limits), requests: others(requests) };
};

const removes = (next: Requirements['limits'], current: Requirements['limits']): boolean =>
  Object.keys(current ?? {}).some((name) => next?.[name] === undefined);

function validateContainerResize(next: Container, current: Container, isInit: boolean, at: string): FieldError[] {
  const [after, before] = [next.resources ?? {}, current.resources ?? {}];
  if (sameJson(after, before)) return [];
  if (isInit && current.restartPolicy !== 'Always') {
    return [forbiddenField(at, 'resources for non-sidecar init containers are immutable')];
  }
  return [
    ...(sameJson(withoutCpuAndMemory(after), withoutCpuAndMemory(before))
      ? []
      : [forbiddenField(at, 'only cpu and memory resources are mutable')]),
    ...(removes(after.limits, before.limits)
      ? [forbiddenField(`${at}.limits`, 'resource limits cannot be removed')]
      : []),
    ...(removes(after.requests, before.requests)
      ? [forbiddenField(`${at}.requests`, 'resource requests cannot be removed')]
      : []),
  ];
}

/** kubernetes pkg/apis/core/validation/validation.go ValidatePodResize: what else was written is left out before. */
export function validatePodResize(next: PodSpec, current: PodSpec): FieldError[] {
  const [after, before] = [qosClass(next), qosClass(current)];
  return [
    ...(after === before ? [] : [invalidValue('spec', after, 'Pod QOS Class may not change as a result of resizing')]),
    ...lists.flatMap((list) =>
      (current[list] ?? []).flatMap((container, index) =>
        validateContainerResize(
          next[list]?.[index] ?? container,
          container,
          list === 'initContainers',
          `spec.${list}[${index}].resources`,
        ),
      ),
    ),
  ];
}

/** The current pod with the next one's resources (kubernetes pkg/registry/core/pod/strategy.go dropNonResizeUpdates). */
export function resized(next: PodSpec, current: PodSpec): PodSpec {
  const of = (containers: readonly Container[], wanted: readonly Container[]): Container[] =>
    containers.map((container) => {
      const found = wanted.find(({ name }) => name === container.name);
      if (!found) return container;
      const { resizePolicy: _policy, ...rest } = container;
      const { resizePolicy } = found;
      return { ...rest, resources: found.resources ?? {}, ...(resizePolicy === undefined ? {} : { resizePolicy }) };
    });
  return {
    ...current,
    containers: of(current.containers, next.containers),
    ...(current.initContainers ? { initContainers: of(current.initContainers, next.initContainers ?? []) } : {}),
  };
}
