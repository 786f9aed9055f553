import type { AdmissionChain, AdmissionRequest, Lister } from '../admission/chain.ts';
import type { Clock } from '../meta/clock.ts';
import type { ObjectKey } from '../meta/object-key.ts';
import type { KubernetesObject } from '../meta/types.ts';
import { systemUser } from '../meta/user-info.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';
import type { StoredObjects } from './stored-objects.ts';
import type { WriteOptions } from './write-options.ts';

/** What every write goes through. */
export type WriteParts = {
  stored: StoredObjects;
  lister: Lister;
  admission: AdmissionChain;
  clock: Clock;
};

/** One write, while nobody else writes the object. */
export type Write<T extends KubernetesObject, O extends WriteOptions = WriteOptions> = {
  definition: ResourceDefinition<T>;
  key: ObjectKey;
  options: O;
  whenSettled: AdmissionRequest['whenSettled'];
};

export const admissionRequest = <T extends KubernetesObject>(
  operation: AdmissionRequest['operation'],
  { definition, key, options, whenSettled }: Write<T>,
): AdmissionRequest => ({
  operation,
  definition: definition as ResourceDefinition,
  key,
  ...(options.subresource === undefined ? {} : { subresource: options.subresource }),
  user: options.user ?? systemUser,
  dryRun: options.dryRun ?? false,
  warn: options.warn ?? (() => undefined),
  whenSettled,
});
