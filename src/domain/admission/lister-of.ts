import { formatKey, keyOf } from '../meta/object-key.ts';
import type { KubernetesObject } from '../meta/types.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';
import type { Lister } from './chain.ts';

type Listed = { definition: ResourceDefinition; objects: readonly KubernetesObject[] };

/** A store of just these objects, for tests of plugins. */
export const listerOf = (...stored: readonly Listed[]): Lister => {
  const objectsOf = <T extends KubernetesObject>({ group, plural }: ResourceDefinition<T>): T[] =>
    stored
      .filter(({ definition }) => definition.group === group && definition.plural === plural)
      .flatMap(({ objects }) => objects as readonly T[]);
  return {
    find: (definition, key) => objectsOf(definition).find((object) => formatKey(keyOf(object)) === formatKey(key)),
    all: (definition, namespace) =>
      objectsOf(definition).filter((object) => namespace === undefined || keyOf(object).namespace === namespace),
  };
};
