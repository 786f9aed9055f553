import type { UserInfo } from '../meta/user-info.ts';
import type { KubernetesObject } from '../meta/types.ts';
import type { PropagationPolicy, Preconditions } from './before-delete.ts';
import type { FieldManagement } from './field-ownership.ts';

export type WriteOptions = FieldManagement & {
  user?: UserInfo;
  dryRun?: boolean;
  /** `status` changes only the status, anything else everything but the status. */
  subresource?: string;
  warn?: (text: string) => void;
};

export type DeleteOptions = WriteOptions & {
  gracePeriodSeconds?: number;
  propagationPolicy?: PropagationPolicy;
  preconditions?: Preconditions;
};

/** `removed`: it is gone; else it waits for its grace or its finalizers. */
export type DeleteResult<T extends KubernetesObject> = { object: T; removed: boolean };
