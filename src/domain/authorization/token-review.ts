import { badRequest } from '../meta/status-error.ts';
import type { TokenReview } from '../meta/types.ts';
import { defineReview, type Inquiry } from './review.ts';
import { reviewedUser } from './reviewed-user.ts';

/** Whose token is this? For programs that are shown tokens (kubernetes pkg/registry/authentication/tokenreview). */
export const tokenReviews = defineReview<TokenReview>({
  group: 'authentication.k8s.io',
  kind: 'TokenReview',
  scope: 'Cluster',
  answer: (review, inquiry) => ({ ...review, status: statusOf(review.spec, inquiry) }),
});

function statusOf(spec: TokenReview['spec'] | undefined, { verifyToken }: Inquiry): NonNullable<TokenReview['status']> {
  if (!spec?.token) throw badRequest('token is required for TokenReview in authentication');
  const verified = verifyToken(spec.token, spec.audiences);
  return verified
    ? { authenticated: true, user: reviewedUser(verified.user), audiences: [...verified.audiences] }
    : { user: {}, error: 'invalid bearer token' };
}
