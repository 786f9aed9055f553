import { sameJson } from '../../meta/deep-equal.ts';
import { metaOf } from '../../meta/object-key.ts';
import type { Deployment, PodTemplateSpec, ReplicaSet } from '../../meta/types.ts';
import { podTemplateHashLabel } from '../pod-template-hash.ts';

export const revisionAnnotation = 'deployment.kubernetes.io/revision';

/** A Deployment's ReplicaSets: the one of its present template, if there is one, and those of former templates, oldest first. */
export type Revisions = { newSet: ReplicaSet | undefined; oldSets: ReplicaSet[] };

export const withoutHash = (template: PodTemplateSpec | undefined): PodTemplateSpec => {
  const { [podTemplateHashLabel]: _hash, ...labels } = template?.metadata?.labels ?? {};
  return { ...template, metadata: { ...template?.metadata, labels } };
};

/** kubernetes pkg/controller/deployment/util/deployment_util.go EqualIgnoreHash */
export const isOfTemplate = (replicaSet: ReplicaSet, template: PodTemplateSpec | undefined): boolean =>
  sameJson(withoutHash(replicaSet.spec?.template), withoutHash(template));

/** Oldest first (kubernetes pkg/controller/controller_utils.go ReplicaSetsByCreationTimestamp). */
const byCreation = (a: ReplicaSet, b: ReplicaSet): number => {
  const text = (set: ReplicaSet) => `${metaOf(set).creationTimestamp ?? ''}/${metaOf(set).name ?? ''}`;
  return text(a) < text(b) ? -1 : 1;
};

/** The oldest set of the present template is the new one, should there ever be several (FindNewReplicaSet). */
export function revisionsOf(deployment: Deployment, replicaSets: readonly ReplicaSet[]): Revisions {
  const sorted = replicaSets.toSorted(byCreation);
  const newSet = sorted.find((set) => isOfTemplate(set, deployment.spec?.template));
  return { newSet, oldSets: sorted.filter((set) => set !== newSet) };
}

/** 0 where there is none. */
export const revisionOf = (replicaSet: ReplicaSet | undefined): number => countIn(replicaSet, revisionAnnotation);

function countIn(replicaSet: ReplicaSet | undefined, annotation: string): number {
  const text = metaOf(replicaSet ?? {}).annotations?.[annotation] ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}

/** On a ReplicaSet: the revision as which all of its pods were available, which k2d's memory would forget. */
export const availableRevisionAnnotation = 'k2d.io/available-revision';

/** 0 where it never was. */
export const availableRevisionOf = (replicaSet: ReplicaSet | undefined): number =>
  countIn(replicaSet, availableRevisionAnnotation);

/** The present template is always the newest revision; going back to an old one renumbers it (SetNewReplicaSetAnnotations). */
export const nextRevision = ({ newSet, oldSets }: Revisions): number =>
  Math.max(revisionOf(newSet), Math.max(0, ...oldSets.map(revisionOf)) + 1);

export const sizeOf = (replicaSet: ReplicaSet): number => replicaSet.spec?.replicas ?? 0;

export const availableOf = (replicaSet: ReplicaSet): number => replicaSet.status?.availableReplicas ?? 0;

export const isActiveSet = (replicaSet: ReplicaSet): boolean => sizeOf(replicaSet) > 0;

export const sum = (replicaSets: readonly ReplicaSet[], count: (set: ReplicaSet) => number): number =>
  replicaSets.reduce((total, set) => total + count(set), 0);
