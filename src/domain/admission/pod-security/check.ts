import type { Container, ObjectMeta, PodSpec } from '../../meta/types.ts';

export type Level = 'privileged' | 'baseline' | 'restricted';

/** What a check looks at: a pod, or what a template would make. */
export type CheckedPod = {
  annotations: Readonly<Record<string, string>>;
  spec: PodSpec;
  /** All, in Kubernetes' order (pod-security-admission/policy/visitor.go). */
  containers: readonly Container[];
};

/** `reason` is short and goes without the detail where many pods are counted. */
export type Violation = { reason: string; detail: string };

/** One rule of the Pod Security Standards, in the words of pod-security-admission/policy/check_*.go. */
export type Check = {
  level: 'baseline' | 'restricted';
  /** Minor versions of Kubernetes in which it holds: from `since` on, before `until`. */
  since: number;
  until?: number;
  /** Where both levels have a rule about it, the restricted one says the same and more. */
  topic?: 'capabilities' | 'procMount' | 'seccomp' | 'volumes';
  violation(pod: CheckedPod): Violation | undefined;
};

export const checkedPod = (metadata: ObjectMeta | undefined, spec: PodSpec): CheckedPod => ({
  annotations: metadata?.annotations ?? {},
  spec,
  containers: [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])],
});

export const quoted = (words: Iterable<string>): string => [...words].map((word) => JSON.stringify(word)).join(', ');

/** Each once, in order. */
export const sorted = (words: Iterable<string>): string[] => [...new Set(words)].toSorted(byCode);

const byCode = (a: string, b: string): number => Number(a > b) - Number(a < b);

export const plural = (one: string, many: string, count: number): string => (count === 1 ? one : many);

/** `container "a"`, `containers "a", "b"`. */
export const containersNamed = (containers: readonly Pick<Container, 'name'>[]): string =>
  `${plural('container', 'containers', containers.length)} ${quoted(containers.map(({ name }) => name))}`;

/** `pod and containers "a", "b"`: who sets a field that both levels of security contexts have. */
export const setters = (pod: boolean, containers: readonly Container[]): string =>
  [...(pod ? ['pod'] : []), ...(containers.length > 0 ? [containersNamed(containers)] : [])].join(' and ');

/** A rule about one field of containers, which are told together. */
export const ofContainers =
  (offends: (container: Container) => boolean, reason: string, detail: (names: string) => string): Check['violation'] =>
  ({ containers }) => {
    const offenders = containers.filter(offends);
    return offenders.length === 0 ? undefined : { reason, detail: detail(containersNamed(offenders)) };
  };

/** kubernetes KEP-127: root in a pod with users of its own is nobody outside. */
export const hasOwnUsers = ({ spec }: CheckedPod): boolean => spec.hostUsers === false;
