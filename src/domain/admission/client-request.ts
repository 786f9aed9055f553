import { keyOf } from '../meta/object-key.ts';
import type { KubernetesObject } from '../meta/types.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';
import type { AdmissionRequest } from './chain.ts';

/** What some client asks for, for tests of plugins; an `oldObject` makes it an update. */
export const clientRequest = <T extends KubernetesObject>(
  definition: ResourceDefinition<T>,
  object: T,
  oldObject?: T,
): AdmissionRequest => ({
  operation: oldObject ? 'UPDATE' : 'CREATE',
  definition,
  key: keyOf(object),
  object,
  ...(oldObject ? { oldObject } : {}),
  user: { name: 'kubernetes-admin', groups: [] },
  dryRun: false,
  warn: () => undefined,
  whenSettled: () => undefined,
});
