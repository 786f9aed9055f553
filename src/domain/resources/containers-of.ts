import type { Container, PodSpec } from '../meta/types.ts';

/** A container and where it stands. */
export type PlacedContainer = { container: Container; place: string };

/** All containers of a pod, in Kubernetes' order; `at` stands before `spec`. */
export const containersOf = (spec: PodSpec, at: string): PlacedContainer[] =>
  (['initContainers', 'containers'] as const).flatMap((list) =>
    (spec[list] ?? []).map((container, index) => ({ container, place: `${at}spec.${list}[${index}]` })),
  );
