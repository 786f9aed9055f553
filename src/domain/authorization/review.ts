import type { Clock } from '../meta/clock.ts';
import type { KubernetesObject } from '../meta/types.ts';
import type { UserInfo } from '../meta/user-info.ts';
import { defineResource, type ResourceDefinition } from '../resources/resource-definition.ts';
import type { Authorizer } from './authorizer.ts';

/** Who a token speaks for, and those of the audiences asked for that it is meant for; undefined when it is not good. */
export type VerifyToken = (
  token: string,
  audiences: readonly string[] | undefined,
) => { user: UserInfo; audiences: readonly string[] } | undefined;

/** What reviews are answered from. */
export type Inquiry = { user: UserInfo; authorizer: Authorizer; verifyToken: VerifyToken; clock: Clock };

/** A question that a client creates; its status is the answer. Throws 400 for a question that cannot be asked. */
export type Review<T extends KubernetesObject = KubernetesObject> = ResourceDefinition<T> & {
  isComputed: true;
  answer(question: T, inquiry: Inquiry): T;
};

type Form<T extends KubernetesObject> = Pick<Review<T>, 'group' | 'kind' | 'scope' | 'answer'> &
  Partial<Pick<Review<T>, 'validate'>>;

/** No columns: as in Kubernetes there is no Table of it. */
export const defineReview = <T extends KubernetesObject>(form: Form<T>): Review<T> => {
  const singular = form.kind.toLowerCase();
  const definition = defineResource<T>({ ...form, version: 'v1', singular, plural: `${singular}s`, columns: [] });
  return { ...definition, isComputed: true, answer: form.answer };
};

export const isReview = (definition: ResourceDefinition): definition is Review => definition.isComputed;
