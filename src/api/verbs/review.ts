import type { Review } from '../../domain/authorization/review.ts';
import { invalid } from '../../domain/meta/field-error.ts';
import { apiVersionOf } from '../../domain/resources/resource-definition.ts';
import { decodeBody } from '../codec/decode-body.ts';
import { inRequestNamespace } from '../object-identity.ts';
import type { Verb } from '../verb.ts';
import { writeOptions } from '../write-options.ts';

/** Creating a review asks its question: the reply is the answer, and nothing is stored. */
export const answerOf =
  (review: Review): Verb =>
  async ({ authorizer, tokens, clock }, call) => {
    const { group, kind } = review;
    const { fieldValidation } = writeOptions('CreateOptions', call.query);
    const decoding = { fieldValidation, warn: call.warn };
    const question = await decodeBody(call.body, { apiVersion: apiVersionOf(review), kind }, decoding);
    const asked = inRequestNamespace(call, { ...question, metadata: question.metadata ?? {} });
    const errors = review.validate(asked);
    if (errors.length > 0) throw invalid(group, kind, '', errors);
    const verifyToken = tokens.verify.bind(tokens);
    return {
      kind: 'object',
      code: 201,
      object: review.answer(asked, { user: call.user, authorizer, verifyToken, clock }),
    };
  };
