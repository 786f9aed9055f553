import { metaOf } from '../../meta/object-key.ts';
import type { ControllerRevision, PersistentVolumeClaim, Pod, StatefulSet } from '../../meta/types.ts';
import { withClaimVolumes } from '../../resources/claim-volumes.ts';
import { statefulSets } from '../../resources/stateful-set.ts';
import { templateOf } from '../history/revision-data.ts';
import { controllerReference } from '../owner-references.ts';
import { podFromTemplate } from '../pod-from-template.ts';
import { memberName } from './ordinals.ts';

/** On a pod: the name of the ControllerRevision that it was made from. */
export const revisionLabel = 'controller-revision-hash';

const claimName = (set: StatefulSet, template: string, ordinal: number): string =>
  `${template}-${memberName(set, ordinal)}`;

export const claimNames = (set: StatefulSet, ordinal: number): string[] =>
  (set.spec?.volumeClaimTemplates ?? []).map((template) => claimName(set, metaOf(template).name ?? '', ordinal));

/** What tells the pods of a set apart. */
export const identityLabels = (set: StatefulSet, ordinal: number): Record<string, string> => ({
  'statefulset.kubernetes.io/pod-name': memberName(set, ordinal),
  'apps.kubernetes.io/pod-index': String(ordinal),
});

/** kubernetes pkg/controller/statefulset/stateful_set_utils.go newStatefulSetPod */
export function statefulPod(set: StatefulSet, ordinal: number, revision: ControllerRevision): Pod {
  const template = templateOf(revision) ?? set.spec!.template;
  const pod = podFromTemplate(template, set, controllerReference(statefulSets, set));
  const { generateName: _prefix, ...metadata } = metaOf(pod);
  const { volumeClaimTemplates, serviceName } = set.spec!;
  const volumes = withClaimVolumes(pod.spec?.volumes, volumeClaimTemplates, (name) => claimName(set, name, ordinal));
  const name = memberName(set, ordinal);
  return {
    ...pod,
    metadata: {
      ...metadata,
      name,
      labels: { ...metadata.labels, ...identityLabels(set, ordinal), [revisionLabel]: metaOf(revision).name ?? '' },
    },
    spec: {
      ...pod.spec!,
      hostname: name,
      ...(serviceName ? { subdomain: serviceName } : {}),
      ...(volumes.length > 0 ? { volumes } : {}),
    },
  };
}

/** The claims of a pod, which outlive it (stateful_set_utils.go getPersistentVolumeClaims). */
export const statefulClaims = (set: StatefulSet, ordinal: number): PersistentVolumeClaim[] =>
  (set.spec?.volumeClaimTemplates ?? []).map(({ status: _status, ...template }) => ({
    ...template,
    metadata: {
      ...template.metadata,
      name: claimName(set, metaOf(template).name ?? '', ordinal),
      namespace: metaOf(set).namespace ?? '',
      labels: { ...template.metadata?.labels, ...set.spec?.selector.matchLabels },
    },
  }));
