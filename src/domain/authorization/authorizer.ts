import type { PolicyRule } from '../meta/types.ts';
import type { UserInfo } from '../meta/user-info.ts';
import type { RequestAttributes } from './request-attributes.ts';

/** `reason` is for people: by which binding it is allowed, or which roles are missing; empty when there is nothing to say. */
export type Decision = { allowed: boolean; reason: string };

export type Authorize = (user: UserInfo, attributes: RequestAttributes) => Decision;

/** All that somebody may do in a namespace; `missing` tells of bindings whose role does not exist. */
export type UserRules = { rules: readonly PolicyRule[]; missing: readonly string[] };

/** Who may do what. */
export type Authorizer = {
  authorize: Authorize;
  rulesFor(user: UserInfo, namespace: string): UserRules;
};
