import { invalidValue, type FieldError } from '../meta/field-error.ts';
import { metaOf } from '../meta/object-key.ts';
import type { KubernetesObject, SelfSubjectAccessReview, SubjectAccessReview } from '../meta/types.ts';
import type { UserInfo } from '../meta/user-info.ts';
import type { Authorizer } from './authorizer.ts';
import { resourceAttributes, type RequestAttributes } from './request-attributes.ts';

type Question = NonNullable<SelfSubjectAccessReview['spec']>;
type SubjectQuestion = NonNullable<SubjectAccessReview['spec']>;
type AccessStatus = NonNullable<SubjectAccessReview['status']>;

/** May this user do that? */
export function answerAccess(authorizer: Authorizer, user: UserInfo, question: Question): AccessStatus {
  const { allowed, reason } = authorizer.authorize(user, attributesOf(question));
  return { allowed, ...(reason === '' ? {} : { reason }) };
}

/** kubernetes pkg/registry/authorization/util/helpers.go */
function attributesOf({ resourceAttributes: asked, nonResourceAttributes }: Question): RequestAttributes {
  if (!asked) {
    return { kind: 'path', verb: nonResourceAttributes?.verb ?? '', path: nonResourceAttributes?.path ?? '' };
  }
  return resourceAttributes({ ...asked, verb: asked.verb ?? '' });
}

/** Just as they are given: nobody is put into `system:authenticated`. */
export const subjectOf = ({ user = '', groups = [], uid, extra }: SubjectQuestion): UserInfo => ({
  name: user,
  groups,
  ...(uid === undefined ? {} : { uid }),
  ...(extra === undefined ? {} : { extra }),
});

/** kubernetes pkg/apis/authorization/validation/validation.go ValidateSelfSubjectAccessReviewSpec */
export function validateQuestion({ resourceAttributes, nonResourceAttributes }: Question = {}): FieldError[] {
  if (resourceAttributes && nonResourceAttributes) {
    const field = 'spec.nonResourceAttributes';
    return [invalidValue(field, nonResourceAttributes, 'cannot be specified in combination with resourceAttributes')];
  }
  const either = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
  return resourceAttributes || nonResourceAttributes
    ? []
    : [invalidValue('spec.resourceAttributes', undefined, either)];
}

/** ValidateSubjectAccessReviewSpec */
export const validateSubjectQuestion = (question: SubjectQuestion = {}): FieldError[] => [
  ...validateQuestion(question),
  ...(question.user || question.groups?.length
    ? []
    : [invalidValue('spec.user', '', 'at least one of user or group must be specified')]),
];

/** A question has no name. */
export function validateNoMetadata(object: KubernetesObject, isNamespaced = false): FieldError[] {
  const { managedFields: _fields, namespace, ...rest } = metaOf(object);
  const isEmpty = Object.values(rest).every((value) => value === undefined);
  return isEmpty && (isNamespaced || namespace === undefined)
    ? []
    : [invalidValue('metadata', rest, isNamespaced ? 'must be empty except for namespace' : 'must be empty')];
}
