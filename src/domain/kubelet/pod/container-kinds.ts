import type { Container, Pod } from '../../meta/types.ts';

/**
 * What a container is for: `init` runs to its end before the main ones, `sidecar` is started among the init containers and stays,
 * `ephemeral` was added to look into a pod that runs.
 */
export type ContainerKind = 'init' | 'sidecar' | 'main' | 'ephemeral';

export type PodContainer = { container: Container; kind: ContainerKind };

/** All of a pod, in the order in which they are started. */
export const podContainers = (pod: Pod): PodContainer[] => [
  ...(pod.spec?.initContainers ?? []).map((container) => ({ container, kind: initKind(container) })),
  ...(pod.spec?.containers ?? []).map((container) => ({ container, kind: 'main' as const })),
  ...(pod.spec?.ephemeralContainers ?? []).map((container) => ({ container, kind: 'ephemeral' as const })),
];

const initKind = ({ restartPolicy }: Container): ContainerKind => (restartPolicy === 'Always' ? 'sidecar' : 'init');

const fields = {
  init: 'initContainers',
  sidecar: 'initContainers',
  main: 'containers',
  ephemeral: 'ephemeralContainers',
} as const satisfies Record<ContainerKind, string>;

/** What events of a container are about: `spec.containers{web}` (kubernetes pkg/kubelet/container/ref.go). */
export function fieldPathOf(pod: Pod, name: string): string {
  const { kind = 'main' } = podContainers(pod).find(({ container }) => container.name === name) ?? {};
  return `spec.${fields[kind]}{${name}}`;
}

export const sidecarsOf = (pod: Pod): Container[] =>
  (pod.spec?.initContainers ?? []).filter((container) => initKind(container) === 'sidecar');
