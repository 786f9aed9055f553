import { metaOf } from '../../meta/object-key.ts';
import type { ControllerRevision, KubernetesObject, PodTemplateSpec } from '../../meta/types.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import { controllerReference } from '../owner-references.ts';
import { podTemplateHash } from '../pod-template-hash.ts';
import { isOfTemplate, revisionData } from './revision-data.ts';

/** What has versions of a pod template: a StatefulSet or a DaemonSet. */
export type Versioned = KubernetesObject & {
  spec?: { template: PodTemplateSpec; revisionHistoryLimit?: number };
  status?: { collisionCount?: number };
};

/** How a kind writes its revisions. */
export type HistoryKind<T extends Versioned> = {
  definition: ResourceDefinition<T>;
  /** Carries a revision's hash. */
  hashLabel: string;
};

/** How the revision of the present template comes to be: it is the newest already, was an older one, or there is none yet. */
export type HistoryPlan =
  | { do: 'keep'; revision: ControllerRevision }
  | { do: 'renumber'; revision: ControllerRevision; number: number }
  | { do: 'create'; number: number };

const byNumber = (a: ControllerRevision, b: ControllerRevision): number =>
  a.revision - b.revision || (createdText(a) < createdText(b) ? -1 : 1);

const createdText = (revision: ControllerRevision): string =>
  `${metaOf(revision).creationTimestamp ?? ''}/${metaOf(revision).name ?? ''}`;

/** Oldest first (kubernetes pkg/controller/history/controller_history.go SortControllerRevisions). */
export const inOrder = (revisions: readonly ControllerRevision[]): ControllerRevision[] => revisions.toSorted(byNumber);

/** kubernetes pkg/controller/statefulset/stateful_set_control.go getStatefulSetRevisions; going back to an old template renumbers it. */
export function planHistory(owner: Versioned, revisions: readonly ControllerRevision[]): HistoryPlan {
  const sorted = inOrder(revisions);
  const newest = sorted.at(-1);
  const number = (newest?.revision ?? 0) + 1;
  const equal = sorted.findLast((revision) => isOfTemplate(revision, owner.spec!.template));
  if (!equal) return { do: 'create', number };
  return equal === newest ? { do: 'keep', revision: equal } : { do: 'renumber', revision: equal, number };
}

/** The revision of the owner's present template; another collision count gives another name. */
export function newRevision<T extends Versioned>(
  { definition, hashLabel }: HistoryKind<T>,
  owner: T,
  number: number,
  collisionCount: number,
): ControllerRevision {
  const template = owner.spec!.template;
  const hash = podTemplateHash(template, collisionCount);
  const { name = '', namespace = '', annotations } = metaOf(owner);
  return {
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: { ...template.metadata?.labels, [hashLabel]: hash },
      ...(annotations ? { annotations } : {}),
      ownerReferences: [controllerReference(definition, owner)],
    },
    data: revisionData(template),
    revision: number,
  };
}

/** Revisions beyond the limit that nothing runs any more, oldest first. */
export function surplusRevisions(
  owner: Versioned,
  revisions: readonly ControllerRevision[],
  isLive: (revision: ControllerRevision) => boolean,
): ControllerRevision[] {
  const dead = inOrder(revisions).filter((revision) => !isLive(revision));
  return dead.slice(0, Math.max(0, dead.length - (owner.spec?.revisionHistoryLimit ?? 10)));
}
