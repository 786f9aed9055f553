import type { Container, LimitRange, PodSpec, ResourceList } from '../meta/types.ts';

/** `filled`: what was added to which container, in words. */
export type Filled = { spec: PodSpec; filled: readonly string[] };

type Defaults = { limits: ResourceList; requests: ResourceList };

/** The requests and limits that the range gives to containers which have none (limitranger mergePodResourceRequirements). */
export function withLimitDefaults({ spec: range }: LimitRange, spec: PodSpec): Filled {
  const ofContainers = (range?.limits ?? []).filter(({ type }) => type === 'Container');
  const defaults: Defaults = {
    limits: Object.assign({}, ...ofContainers.map((limit) => limit.default)) as ResourceList,
    requests: Object.assign({}, ...ofContainers.map((limit) => limit.defaultRequest)) as ResourceList,
  };
  const containers = spec.containers.map((container) => fill(container, defaults, 'container'));
  const initContainers = spec.initContainers?.map((container) => fill(container, defaults, 'init container'));
  return {
    spec: {
      ...spec,
      containers: containers.map(({ container }) => container),
      ...(initContainers ? { initContainers: initContainers.map(({ container }) => container) } : {}),
    },
    filled: [...containers, ...(initContainers ?? [])].flatMap(({ texts }) => texts),
  };
}

function fill(container: Container, { limits, requests }: Defaults, what: string) {
  const own = container.resources ?? {};
  const texts = [
    ...added(requests, own.requests, `request for ${what} ${container.name}`),
    ...added(limits, own.limits, `limit for ${what} ${container.name}`),
  ];
  if (texts.length === 0) return { container, texts };
  const resources = { ...own, limits: { ...limits, ...own.limits }, requests: { ...requests, ...own.requests } };
  return { container: { ...container, resources }, texts };
}

function added(defaults: ResourceList, own: ResourceList | undefined, where: string): string[] {
  const names = Object.keys(defaults).filter((name) => !own || !Object.hasOwn(own, name));
  return names.length === 0 ? [] : [`${names.toSorted().join(', ')} ${where}`];
}
