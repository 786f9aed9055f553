import { invalidValue, type FieldError } from '../meta/field-error.ts';
import { metaOf } from '../meta/object-key.ts';
import type { LocalSubjectAccessReview } from '../meta/types.ts';
import { answerAccess, subjectOf, validateNoMetadata, validateSubjectQuestion } from './access-question.ts';
import { defineReview } from './review.ts';

/** May somebody else, in this namespace? For those who may ask about no other (kubernetes pkg/registry/authorization/localsubjectaccessreview). */
export const localSubjectAccessReviews = defineReview<LocalSubjectAccessReview>({
  group: 'authorization.k8s.io',
  kind: 'LocalSubjectAccessReview',
  scope: 'Namespaced',
  validate: (review) => [
    ...validateSubjectQuestion(review.spec),
    ...validateNoMetadata(review, true),
    ...validateNamespace(review),
  ],
  answer: (review, { authorizer }) => ({
    ...review,
    status: answerAccess(authorizer, subjectOf(review.spec), review.spec),
  }),
});

function validateNamespace(review: LocalSubjectAccessReview): FieldError[] {
  const { resourceAttributes, nonResourceAttributes } = review.spec ?? {};
  const asked = resourceAttributes?.namespace ?? '';
  return [
    ...(resourceAttributes && asked !== metaOf(review).namespace
      ? [invalidValue('spec.resourceAttributes.namespace', asked, 'must match metadata.namespace')]
      : []),
    ...(nonResourceAttributes
      ? [invalidValue('spec.nonResourceAttributes', nonResourceAttributes, 'disallowed on this kind of request')]
      : []),
  ];
}
