import { metaOf } from '../../meta/object-key.ts';
import type { DaemonSet, Pod, PodSpec } from '../../meta/types.ts';
import { daemonSets } from '../../resources/daemon-set.ts';
import type { Toleration } from '../../resources/node-taints.ts';
import { controllerReference } from '../owner-references.ts';
import { podFromTemplate } from '../pod-from-template.ts';

/** On a pod and on its revision: the hash of the template. */
export const hashLabel = 'controller-revision-hash';

const tolerated = (name: string, effect: string): Toleration => ({
  key: `node.kubernetes.io/${name}`,
  operator: 'Exists',
  effect,
});

/** kubernetes pkg/controller/daemon/util/daemonset_util.go AddOrUpdateDaemonPodTolerations: what belongs to a node stays whatever ails it. */
const daemonTolerations = ({ hostNetwork }: PodSpec): Toleration[] => [
  tolerated('not-ready', 'NoExecute'),
  tolerated('unreachable', 'NoExecute'),
  tolerated('disk-pressure', 'NoSchedule'),
  tolerated('memory-pressure', 'NoSchedule'),
  tolerated('pid-pressure', 'NoSchedule'),
  tolerated('unschedulable', 'NoSchedule'),
  ...(hostNetwork ? [tolerated('network-unavailable', 'NoSchedule')] : []),
];

const sameToleration = (a: Toleration, b: Toleration): boolean =>
  a.key === b.key && a.effect === b.effect && a.operator === b.operator && (a.value ?? '') === (b.value ?? '');

function withDaemonTolerations(spec: PodSpec): PodSpec {
  const always = daemonTolerations(spec);
  const own = (spec.tolerations ?? []).filter((toleration) => !always.some((each) => sameToleration(each, toleration)));
  return { ...spec, tolerations: [...own, ...always] };
}

/** A pod as its template and the kind of its owner have it, before it is for a certain node. */
export function daemonPodSpec({ spec }: DaemonSet): PodSpec {
  return withDaemonTolerations(spec?.template.spec ?? { containers: [] });
}

/** Whatever node the template would like, this pod is for this one (daemonset_util.go ReplaceDaemonSetPodNodeNameNodeAffinity). */
const onNode = (spec: PodSpec, nodeName: string): PodSpec => ({
  ...spec,
  affinity: {
    ...spec.affinity,
    nodeAffinity: {
      ...spec.affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] }],
      },
    },
  },
});

/** kubernetes pkg/controller/daemon/util/daemonset_util.go CreatePodTemplate */
export function daemonPod(set: DaemonSet, hash: string, nodeName: string): Pod {
  const pod = podFromTemplate(set.spec!.template, set, controllerReference(daemonSets, set));
  return {
    ...pod,
    metadata: { ...metaOf(pod), labels: { ...metaOf(pod).labels, [hashLabel]: hash } },
    spec: onNode(daemonPodSpec(set), nodeName),
  };
}
