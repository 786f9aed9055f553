import type { SelfSubjectReview } from '../meta/types.ts';
import type { UserInfo } from '../meta/user-info.ts';

type WireUser = NonNullable<NonNullable<SelfSubjectReview['status']>['userInfo']>;

/** authentication.k8s.io/v1 UserInfo */
export const reviewedUser = ({ name, uid, groups, extra }: UserInfo): WireUser => ({
  username: name,
  ...(uid === undefined ? {} : { uid }),
  groups: [...groups],
  ...(extra === undefined ? {} : { extra: extra as Record<string, string[]> }),
});
