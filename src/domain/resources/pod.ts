import type { Pod } from '../meta/types.ts';
import { isForeign } from './foreign-pod.ts';
import { validateEphemeralContainers } from './ephemeral-container-validation.ts';
import { resized } from './pod-resize-validation.ts';
import { podColumns, podRowConditions } from './pod-columns.ts';
import { defaultPodSpec } from './pod-spec-defaults.ts';
import { validatePodSpec } from './pod-spec-validation.ts';
import { validatePodUpdate } from './pod-update-validation.ts';
import { qosClass } from './qos-class.ts';
import { validateRealtime } from './realtime-annotations.ts';
import { defineResource, type SelectableField } from './resource-definition.ts';
import { hostnameWarnings } from './hostname-warnings.ts';
import { podWarnings } from './pod-warnings.ts';
import { withDefaults } from './with-defaults.ts';

const defaultPod = (pod: Pod): Pod => {
  const spec = defaultPodSpec(pod.spec ?? { containers: [] });
  return { ...pod, spec, status: withDefaults(pod.status ?? {}, { phase: 'Pending', qosClass: qosClass(spec) }) };
};

/** Through the endpoint of a part only that part is written (kubernetes pkg/registry/core/pod/strategy.go). */
function withWritablePart(next: Pod, current: Pod, subresource?: string): Pod {
  const { labels, annotations } = current.metadata ?? {};
  const { labels: _labels, annotations: _annotations, ...identity } = next.metadata ?? {};
  const metadata = { ...identity, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) };
  if (subresource === 'resize') return { ...next, metadata, spec: resized(next.spec!, current.spec!) };
  if (subresource !== 'ephemeralcontainers') return next;
  const { ephemeralContainers } = next.spec!;
  const { ephemeralContainers: _before, ...spec } = current.spec!;
  return { ...next, metadata, spec: { ...spec, ...(ephemeralContainers ? { ephemeralContainers } : {}) } };
}

/** Longer than any device lives, and a time that dates can hold. */
const longestGraceSeconds = 2 ** 31 - 1;

/** A pod that runs nowhere or no more has nothing to wait for (kubernetes pkg/registry/core/pod/strategy.go CheckGracefulDelete). */
const deletionGrace = ({ spec, status }: Pod, requested: number | undefined): number => {
  const ended = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  if (!spec?.nodeName || ended) return 0;
  const seconds = requested ?? spec.terminationGracePeriodSeconds ?? 30;
  return seconds < 0 ? 1 : Math.min(seconds, longestGraceSeconds);
};

/** How a pod ended is final, and its containers may be gone: written once. One that is about to go is not worth it unless somebody waits. */
const keepsStatus = ({ metadata, status }: Pod): boolean =>
  (status?.phase === 'Succeeded' || status?.phase === 'Failed') &&
  (metadata?.deletionTimestamp === undefined || Boolean(metadata.finalizers?.length));

/** kubernetes pkg/apis/core/v1/conversion.go AddFieldLabelConversionsForPod */
const fields: readonly SelectableField<Pod>[] = [
  { path: 'spec.nodeName', value: ({ spec }) => spec?.nodeName ?? '' },
  { path: 'spec.host', value: ({ spec }) => spec?.nodeName ?? '' },
  { path: 'spec.restartPolicy', value: ({ spec }) => spec?.restartPolicy ?? '' },
  { path: 'spec.schedulerName', value: ({ spec }) => spec?.schedulerName ?? '' },
  { path: 'spec.serviceAccountName', value: ({ spec }) => spec?.serviceAccountName ?? '' },
  { path: 'spec.hostNetwork', value: ({ spec }) => String(spec?.hostNetwork ?? false) },
  { path: 'status.phase', value: ({ status }) => status?.phase ?? '' },
  { path: 'status.podIP', value: ({ status }) => status?.podIPs?.[0]?.ip ?? '' },
  { path: 'status.podIPs', value: ({ status }) => status?.podIPs?.[0]?.ip ?? '' },
  { path: 'status.nominatedNodeName', value: ({ status }) => status?.nominatedNodeName ?? '' },
];

/** kubernetes pkg/registry/core/pod/strategy.go. A container that somebody else made is a fact, so its pod is not kept. */
export const pods = defineResource<Pod>({
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  scope: 'Namespaced',
  subresources: ['status'],
  hasGeneration: true,
  keepsStatus,
  isKept: (pod) => !isForeign(pod),
  deleteReturnsObject: true,
  default: defaultPod,
  // What somebody else made is as it is: there is nothing to refuse.
  validate: (pod, current) => {
    if (isForeign(pod)) return [];
    const annotations = validateRealtime(pod.metadata?.annotations, 'metadata.annotations');
    if (!current) return [...annotations, ...validatePodSpec(pod.spec!, 'spec')];
    const { ephemeralContainers: _added, ...asCreated } = pod.spec!;
    return [...annotations, ...validatePodSpec(asCreated, 'spec'), ...validateEphemeralContainers(pod.spec!, 'spec')];
  },
  prepareForUpdate: withWritablePart,
  validateUpdate: (next, current, subresource) =>
    isForeign(next) ? [] : validatePodUpdate(next, current, subresource),
  warnings: (pod) => [...hostnameWarnings(pod, "the Pod's hostname"), ...podWarnings(pod)],
  deletionGrace,
  fields,
  columns: podColumns,
  rowConditions: podRowConditions,
});
