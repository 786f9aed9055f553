import type { GroupVersionKind } from './json.ts';

/** The schema names that the paths refer to. */
export type PathSchemas = {
  readonly object: string;
  readonly list: string;
  /** What subresources speak of, such as a Scale. */
  readonly kind: (kind: GroupVersionKind) => string;
  readonly status: string;
  readonly deleteOptions: string;
  readonly patch: string;
  /** Else they merge in simpler ways only, and have no protobuf. */
  readonly isBuiltIn: boolean;
};
