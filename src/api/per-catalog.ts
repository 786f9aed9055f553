import { reviews } from '../domain/authorization/reviews.ts';
import { measuredResources } from '../domain/resources/measured-resources.ts';
import type { ResourceCatalog } from '../domain/resources/resource-catalog.ts';
import type { ResourceDefinition } from '../domain/resources/resource-definition.ts';

/** Something made from all served resources, reviews and what is measured, when somebody first asks for it after they have changed. */
export function perCatalog<T>(catalog: ResourceCatalog, make: (served: readonly ResourceDefinition[]) => T): () => T {
  let made: { from: readonly ResourceDefinition[]; value: T } | undefined;
  return () => {
    const { definitions } = catalog;
    if (made?.from !== definitions) {
      const served = definitions.filter(({ isServed }) => isServed);
      made = { from: definitions, value: make([...served, ...reviews, ...measuredResources]) };
    }
    return made.value;
  };
}
