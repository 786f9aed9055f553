import { metaOf } from '../../meta/object-key.ts';
import type { Deployment, ReplicaSet } from '../../meta/types.ts';
import { adoptingAnnotation } from '../../resources/adopted-pod.ts';
import { deployments } from '../../resources/deployment.ts';
import { rolledBackFromAnnotation, rolledBackToAnnotation } from './automatic-rollback.ts';
import {
  availableRevisionAnnotation,
  nextRevision,
  revisionAnnotation,
  revisionOf,
  type Revisions,
} from './deployment-revisions.ts';
import { controllerReference } from '../owner-references.ts';
import { podTemplateHash, podTemplateHashLabel } from '../pod-template-hash.ts';
import { rolloutBounds } from './rollout-bounds.ts';

const historyAnnotation = 'deployment.kubernetes.io/revision-history';
const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
const maxAnnotation = 'deployment.kubernetes.io/max-replicas';

/** kubernetes pkg/controller/deployment/util/deployment_util.go annotationsToSkip */
const notCopied: readonly string[] = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
  adoptingAnnotation,
  availableRevisionAnnotation,
  rolledBackFromAnnotation,
  rolledBackToAnnotation,
];

/** deployment_util.go maxRevHistoryLengthInChars */
const maxHistoryLength = 2000;

type Annotations = Record<string, string>;

/** What the Deployment wanted when the set was last scaled: tells a change of `replicas` from a rollout. */
export const sizeAnnotations = (deployment: Deployment): Annotations => {
  const { replicas, maxTotal } = rolloutBounds(deployment);
  return { [desiredAnnotation]: String(replicas), [maxAnnotation]: String(maxTotal) };
};

const countIn = (set: ReplicaSet, annotation: string): number | undefined => {
  const text = metaOf(set).annotations?.[annotation];
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
};

export const desiredWhenScaled = (set: ReplicaSet): number | undefined => countIn(set, desiredAnnotation);
export const maxTotalWhenScaled = (set: ReplicaSet): number | undefined => countIn(set, maxAnnotation);

/** The set of a template that had none (kubernetes pkg/controller/deployment/sync.go getNewReplicaSet). */
export function newReplicaSet(deployment: Deployment, revisions: Revisions, replicas: number): ReplicaSet {
  const { name = '', namespace = '' } = metaOf(deployment);
  const { template = {}, selector, minReadySeconds } = deployment.spec ?? { selector: {} };
  const hash = podTemplateHash(template, deployment.status?.collisionCount ?? 0);
  const hashed = { [podTemplateHashLabel]: hash };
  const labels = { ...template.metadata?.labels, ...hashed };
  return {
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: {
        ...copiedAnnotations(deployment),
        ...sizeAnnotations(deployment),
        [revisionAnnotation]: String(nextRevision(revisions)),
      },
      ownerReferences: [controllerReference(deployments, deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, ...hashed } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

const copiedAnnotations = (deployment: Deployment): Annotations =>
  Object.fromEntries(
    Object.entries(metaOf(deployment).annotations ?? {}).filter(([annotation]) => !notCopied.includes(annotation)),
  );

/**
 * The annotations that an existing set of the present template should have; revisions it had before are remembered, and the one as which it was
 * available with all of its pods.
 */
export function newSetAnnotations(deployment: Deployment, revisions: Revisions, isAvailable: boolean): Annotations {
  const { annotations = {} } = metaOf(revisions.newSet ?? {});
  const before = revisionOf(revisions.newSet);
  const revision = nextRevision(revisions);
  const renumbered = before > 0 && revision > before;
  return {
    ...annotations,
    ...copiedAnnotations(deployment),
    [revisionAnnotation]: String(revision),
    ...(isAvailable ? { [availableRevisionAnnotation]: String(revision) } : {}),
    ...(renumbered ? { [historyAnnotation]: appended(annotations[historyAnnotation], before) } : {}),
  };
}

function appended(history: string | undefined, revision: number): string {
  const revisions = [...(history ? history.split(',') : []), String(revision)];
  while (revisions.join(',').length > maxHistoryLength) revisions.shift();
  return revisions.join(',');
}
