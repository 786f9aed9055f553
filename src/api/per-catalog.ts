import { reviews } from '../domain/authorization/reviews.ts';
import type { ResourceCatalog } from '../domain/resources/resource-catalog.ts';
import type { ResourceDefinition } from '../domain/resources/resource-definition.ts';

/** Something made from all served resources and reviews, when somebody first asks for it after they have changed. */
export function perCatalog<T>(catalog: ResourceCatalog, make: (served: readonly ResourceDefinition[]) => T): () => T {
  let made: { from: readonly ResourceDefinition[]; value: T } | undefined;
  return () => {
    const { definitions } = catalog;
    if (made?.from !== definitions)
      made = { from: definitions, value: make([...definitions.filter(({ isServed }) => isServed), ...reviews]) };
    return made.value;
  };
}
