import { randomUUID } from 'node:crypto';
import { toTime, type Clock } from '../meta/clock.ts';
import { metaOf } from '../meta/object-key.ts';
import { generateName } from '../meta/random-name.ts';
import { badRequest } from '../meta/status-error.ts';
import type { KubernetesObject, ObjectMeta } from '../meta/types.ts';
import { apiVersionOf, type ResourceDefinition } from '../resources/resource-definition.ts';
import { withoutStatus } from './intent.ts';

/** A new object gets what the server decides and loses what it must not bring (apiserver pkg/registry/rest/create.go BeforeCreate). */
export function beforeCreate<T extends KubernetesObject>(
  definition: ResourceDefinition<T>,
  object: T,
  { clock, random }: { clock: Clock; random: () => number },
): T {
  const given = metaOf(object);
  if (given.resourceVersion) throw badRequest('resourceVersion should not be set on objects to be created');
  const name = given.name || (given.generateName ? generateName(given.generateName, random) : '');
  const { deletionTimestamp: _deletion, deletionGracePeriodSeconds: _grace, selfLink: _link, ...kept } = given;
  const metadata: ObjectMeta = {
    ...kept,
    name,
    uid: randomUUID(),
    creationTimestamp: toTime(clock.now()),
    ...(definition.hasGeneration ? { generation: 1 } : {}),
  };
  return {
    ...withoutStatus(definition, object),
    apiVersion: apiVersionOf(definition),
    kind: definition.kind,
    metadata,
  } as T;
}
