import { fromLabelSelector } from '../../meta/label-selector.ts';
import { keyOf, metaOf } from '../../meta/object-key.ts';
import { ignore, isAlreadyExists, isConflict, isNotFound } from '../../meta/status-error.ts';
import type { ControllerRevision, LabelSelector } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { controllerRevisions } from '../../resources/controller-revision.ts';
import { claim } from '../controller-claims.ts';
import { isControlledBy } from '../owner-references.ts';
import { newRevision, planHistory, surplusRevisions, type HistoryKind, type Versioned } from './history-plan.ts';
import { isOfTemplate } from './revision-data.ts';

type Selecting = Versioned & { spec?: { selector: LabelSelector } };

export type History = {
  /** Of the present template. */
  update: ControllerRevision;
  /** All of the owner's, `update` among them. */
  revisions: readonly ControllerRevision[];
  /** How many names another template had taken. */
  collisionCount: number;
};

/** The owner's revisions, after that of its present template has been made, or made the newest (kubernetes pkg/controller/history). */
export async function syncHistory<T extends Selecting>(
  registry: Registry,
  kind: HistoryKind<T>,
  owner: T,
): Promise<History> {
  const claimed = await claimRevisions(registry, kind, owner);
  const plan = planHistory(owner, claimed);
  const collisionCount = owner.status?.collisionCount ?? 0;
  switch (plan.do) {
    case 'keep':
      return { update: plan.revision, revisions: claimed, collisionCount };
    case 'renumber': {
      const update = await registry.update(controllerRevisions, keyOf(plan.revision), (current) => ({
        ...current,
        revision: plan.number,
      }));
      return { update, revisions: [...claimed.filter((each) => each !== plan.revision), update], collisionCount };
    }
    case 'create': {
      const made = await createRevision(registry, kind, owner, plan.number, collisionCount);
      return { ...made, revisions: [...claimed, made.update] };
    }
  }
}

const claimRevisions = <T extends Selecting>(
  registry: Registry,
  { definition }: HistoryKind<T>,
  owner: T,
): Promise<ControllerRevision[]> =>
  claim({
    registry,
    owners: definition,
    owner,
    definition: controllerRevisions,
    selector: fromLabelSelector(owner.spec?.selector) ?? [],
    candidates: registry.all(controllerRevisions, metaOf(owner).namespace),
  });

/** A name may be taken by another template with the same hash, which the next count tells apart. */
async function createRevision<T extends Versioned>(
  registry: Registry,
  kind: HistoryKind<T>,
  owner: T,
  number: number,
  collisionCount: number,
): Promise<{ update: ControllerRevision; collisionCount: number }> {
  for (let count = collisionCount; ; count += 1) {
    const revision = newRevision(kind, owner, number, count);
    try {
      return { update: await registry.create(controllerRevisions, revision), collisionCount: count };
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
    const standing = registry.find(controllerRevisions, keyOf(revision));
    if (standing && isControlledBy(standing, owner) && isOfTemplate(standing, owner.spec!.template)) {
      return { update: standing, collisionCount: count };
    }
  }
}

/** Forgets what is beyond the owner's limit and runs nowhere. */
export async function truncateHistory(
  registry: Registry,
  owner: Versioned,
  { revisions }: History,
  isLive: (revision: ControllerRevision) => boolean,
): Promise<void> {
  for (const revision of surplusRevisions(owner, revisions, isLive)) {
    const preconditions = { uid: metaOf(revision).uid ?? '' };
    await registry.delete(controllerRevisions, keyOf(revision), { preconditions }).catch(ignoreGone);
  }
}

const ignoreGone = ignore((error) => isNotFound(error) || isConflict(error));
