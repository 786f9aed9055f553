import { isStored, type ResourceDefinition } from './resource-definition.ts';

/** Every resource there is now, in every version: those that are built in, and those that users define while k2d runs. */
export class ResourceCatalog {
  readonly #builtIn: readonly ResourceDefinition[];
  readonly #added = new Map<string, readonly ResourceDefinition[]>();
  readonly #listeners = new Set<() => void>();
  #definitions: readonly ResourceDefinition[];
  #stored: readonly ResourceDefinition[];

  constructor(builtIn: readonly ResourceDefinition[]) {
    this.#builtIn = builtIn;
    this.#definitions = builtIn;
    this.#stored = builtIn.filter(isStored);
  }

  /** A new list after every change, so that whatever is made from it can be kept by it. */
  get definitions(): readonly ResourceDefinition[] {
    return this.#definitions;
  }

  /** Every resource once, in the version that its objects are kept in. */
  get stored(): readonly ResourceDefinition[] {
    return this.#stored;
  }

  /** What nobody else may define. */
  get builtIn(): readonly ResourceDefinition[] {
    return this.#builtIn;
  }

  /** Adds or replaces the versions of one resource, named by whoever defines it. No versions take it away. */
  put(name: string, versions: readonly ResourceDefinition[]): void {
    if (versions.length > 0) this.#added.set(name, versions);
    else if (!this.#added.delete(name)) return;
    this.#definitions = [...this.#builtIn, ...[...this.#added.values()].flat()];
    this.#stored = this.#definitions.filter(isStored);
    for (const listener of this.#listeners) listener();
  }

  /** Calls after every change; answers how to stop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
