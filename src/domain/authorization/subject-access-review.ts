import type { SubjectAccessReview } from '../meta/types.ts';
import { answerAccess, subjectOf, validateNoMetadata, validateSubjectQuestion } from './access-question.ts';
import { defineReview } from './review.ts';

/** May somebody else? (kubernetes pkg/registry/authorization/subjectaccessreview) */
export const subjectAccessReviews = defineReview<SubjectAccessReview>({
  group: 'authorization.k8s.io',
  kind: 'SubjectAccessReview',
  scope: 'Cluster',
  validate: (review) => [...validateSubjectQuestion(review.spec), ...validateNoMetadata(review)],
  answer: (review, { authorizer }) => ({
    ...review,
    status: answerAccess(authorizer, subjectOf(review.spec), review.spec),
  }),
});
