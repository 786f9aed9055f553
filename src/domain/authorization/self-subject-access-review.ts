import type { SelfSubjectAccessReview } from '../meta/types.ts';
import { answerAccess, validateNoMetadata, validateQuestion } from './access-question.ts';
import { defineReview } from './review.ts';

/** May I? `kubectl auth can-i` (kubernetes pkg/registry/authorization/selfsubjectaccessreview). */
export const selfSubjectAccessReviews = defineReview<SelfSubjectAccessReview>({
  group: 'authorization.k8s.io',
  kind: 'SelfSubjectAccessReview',
  scope: 'Cluster',
  validate: (review) => [...validateQuestion(review.spec), ...validateNoMetadata(review)],
  answer: (review, { authorizer, user }) => ({ ...review, status: answerAccess(authorizer, user, review.spec) }),
});
