import { matches, type Selector } from '../meta/label-selector.ts';
import { controllerOf, keyOf, metaOf } from '../meta/object-key.ts';
import { isNotFound } from '../meta/status-error.ts';
import type { KubernetesObject } from '../meta/types.ts';
import type { Registry } from '../registry/registry.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';
import { withFinalizer, withoutFinalizer } from './finalizers.ts';
import { controllerReference, withOwnerReferences } from './owner-references.ts';

type Claims<T> = { keep: T[]; adopt: T[]; release: T[] };

/** What is the owner's by reference and by selector (kubernetes pkg/controller/controller_ref_manager.go ClaimObject). */
function computeClaims<T extends KubernetesObject>(
  owner: KubernetesObject,
  selector: Selector,
  candidates: readonly T[],
): Claims<T> {
  const claims: Claims<T> = { keep: [], adopt: [], release: [] };
  const ownerIsGoing = metaOf(owner).deletionTimestamp !== undefined;
  for (const candidate of candidates) {
    const controller = controllerOf(candidate);
    const selected = matches(selector, metaOf(candidate).labels);
    if (controller?.uid === metaOf(owner).uid) {
      if (selected) claims.keep.push(candidate);
      else if (!ownerIsGoing) claims.release.push(candidate);
    } else if (!controller && selected && !ownerIsGoing && metaOf(candidate).deletionTimestamp === undefined) {
      claims.adopt.push(candidate);
    }
  }
  return claims;
}

export type ClaimOptions<O extends KubernetesObject, T extends KubernetesObject> = {
  registry: Registry;
  owners: ResourceDefinition<O>;
  owner: O;
  definition: ResourceDefinition<T>;
  selector: Selector;
  candidates: readonly T[];
  /** What is adopted gets it, what is released loses it. */
  finalizer?: string;
};

/** Adopts and releases; answers what is the owner's afterwards. What vanishes on the way is nobody's. */
export async function claim<O extends KubernetesObject, T extends KubernetesObject>(
  options: ClaimOptions<O, T>,
): Promise<T[]> {
  const { keep, adopt, release } = computeClaims(options.owner, options.selector, options.candidates);
  const adopted = await Promise.all(adopt.map((object) => adoptOne(options, object)));
  await Promise.all(release.map((object) => releaseOne(options, object)));
  return [...keep, ...adopted.filter((object) => object !== undefined)];
}

async function adoptOne<O extends KubernetesObject, T extends KubernetesObject>(
  { registry, owners, owner, definition, finalizer }: ClaimOptions<O, T>,
  object: T,
): Promise<T | undefined> {
  const reference = controllerReference(owners, owner);
  const isStillHere = () => metaOf(registry.find(owners, keyOf(owner)) ?? {}).uid === reference.uid;
  const adopted = await updateIfPresent(registry, definition, object, (current) =>
    controllerOf(current) || !isStillHere()
      ? current
      : withOwnerReferences(finalizer === undefined ? current : withFinalizer(current, finalizer), [
          ...(metaOf(current).ownerReferences ?? []),
          reference,
        ]),
  );
  return adopted && controllerOf(adopted)?.uid === reference.uid ? adopted : undefined;
}

const releaseOne = <O extends KubernetesObject, T extends KubernetesObject>(
  { registry, owner, definition, finalizer }: ClaimOptions<O, T>,
  object: T,
): Promise<T | undefined> =>
  updateIfPresent(registry, definition, object, (current) =>
    withOwnerReferences(
      finalizer === undefined ? current : withoutFinalizer(current, finalizer),
      (metaOf(current).ownerReferences ?? []).filter(({ uid }) => uid !== metaOf(owner).uid),
    ),
  );

/** Answers undefined when it is gone: a new object of the same name is not the one that was meant. */
export async function updateIfPresent<T extends KubernetesObject>(
  registry: Registry,
  definition: ResourceDefinition<T>,
  object: T,
  change: (current: T) => T,
): Promise<T | undefined> {
  try {
    const updated = await registry.update(definition, keyOf(object), (current) =>
      metaOf(current).uid === metaOf(object).uid ? change(current) : current,
    );
    return metaOf(updated).uid === metaOf(object).uid ? updated : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
