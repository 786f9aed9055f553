import { toTime } from '../meta/clock.ts';
import type { SelfSubjectReview } from '../meta/types.ts';
import { defineReview } from './review.ts';
import { reviewedUser } from './reviewed-user.ts';

/** Who am I? `kubectl auth whoami` (kubernetes pkg/registry/authentication/selfsubjectreview). */
export const selfSubjectReviews = defineReview<SelfSubjectReview>({
  group: 'authentication.k8s.io',
  kind: 'SelfSubjectReview',
  scope: 'Cluster',
  answer: ({ apiVersion, kind }, { user, clock }) => ({
    ...(apiVersion && kind ? { apiVersion, kind } : {}),
    metadata: { creationTimestamp: toTime(clock.now()) },
    status: { userInfo: reviewedUser(user) },
  }),
});
