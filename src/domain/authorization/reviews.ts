import { localSubjectAccessReviews } from './local-subject-access-review.ts';
import type { Review } from './review.ts';
import { selfSubjectAccessReviews } from './self-subject-access-review.ts';
import { selfSubjectReviews } from './self-subject-review.ts';
import { selfSubjectRulesReviews } from './self-subject-rules-review.ts';
import { subjectAccessReviews } from './subject-access-review.ts';
import { tokenReviews } from './token-review.ts';

/** Every question that can be asked: served beside the catalog, whose objects are stored. */
export const reviews: readonly Review[] = [
  selfSubjectReviews,
  tokenReviews,
  selfSubjectAccessReviews,
  subjectAccessReviews,
  localSubjectAccessReviews,
  selfSubjectRulesReviews,
];
