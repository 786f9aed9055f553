import type { OwnerReference } from '../../meta/types.ts';

type References = readonly OwnerReference[];

/** Which objects name an owner, by the owner's uid, so that its deletion does not have to look at everything there is. */
export class OwnerIndex {
  readonly #dependents = new Map<string, Set<string>>();

  /** `dependent` named the owners before and names those after; none before is a new object, none after one that is gone. */
  note(dependent: string, before: References, after: References): void {
    for (const { uid } of before) this.#remove(uid, dependent);
    for (const { uid } of after) this.#add(uid, dependent);
  }

  dependentsOf(uid: string): readonly string[] {
    return [...(this.#dependents.get(uid) ?? [])];
  }

  #add(uid: string, dependent: string): void {
    const dependents = this.#dependents.get(uid);
    if (dependents) dependents.add(dependent);
    else this.#dependents.set(uid, new Set([dependent]));
  }

  #remove(uid: string, dependent: string): void {
    const dependents = this.#dependents.get(uid);
    dependents?.delete(dependent);
    if (dependents?.size === 0) this.#dependents.delete(uid);
  }
}
