import { describe, expect, it } from 'vitest';
import { readAnswer, type AskedReview } from './review-answer.ts';

const mutating: AskedReview = { uid: '1', version: 'v1', mutating: true };
const validating: AskedReview = { ...mutating, mutating: false };
const older: AskedReview = { ...mutating, version: 'v1beta1' };

const review = (response: unknown, apiVersion = 'admission.k8s.io/v1') =>
  JSON.stringify({ kind: 'AdmissionReview', apiVersion, response });
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const add = [{ op: 'add', path: '/a', value: 1 }];
const patch = { patch: base64(add), patchType: 'JSONPatch' };

describe('an answer', () => {
  it('says no unless it says yes', () =>
    expect(readAnswer(review({ uid: '1' }), validating)).toEqual({
      kind: 'read',
      answer: { allowed: false, status: {}, warnings: [], auditAnnotations: {} },
    }));

  it('carries more than yes or no', () => {
    const more = { status: { code: 418 }, warnings: ['beware'], auditAnnotations: { why: 'so' } };
    expect(readAnswer(review({ uid: '1', allowed: true, ...patch, ...more }), mutating)).toEqual({
      kind: 'read',
      answer: { allowed: true, patch: add, ...more },
    });
  });

  it.each([
    ['without operations', { patch: base64([]), patchType: 'JSONPatch' }],
    ['with nulls', { patch: null, patchType: null, warnings: null, status: null }],
  ])('%s changes nothing', (_title, response) =>
    expect(readAnswer(review({ uid: '1', allowed: true, ...response }), mutating)).toEqual({
      kind: 'read',
      answer: { allowed: true, status: {}, warnings: [], auditAnnotations: {} },
    }),
  );

  it.each([
    ['without names', JSON.stringify({ response: { allowed: true, patch: base64(add) } })],
    ['without uid and patchType', review({ allowed: true, patch: base64(add) }, 'admission.k8s.io/v1beta1')],
  ])('of the older version may be %s', (_title, text) =>
    expect(readAnswer(text, older)).toMatchObject({ kind: 'read', answer: { allowed: true, patch: add } }),
  );
});

describe('what is no answer', () => {
  const invalid = 'received invalid webhook response: ';
  it.each<[reason: string, text: string, asked: AskedReview]>([
    [
      "failed to call webhook: couldn't get version/kind; json parse error: invalid character '<' looking for beginning of value",
      '<html>',
      mutating,
    ],
    ["failed to call webhook: couldn't get version/kind; json parse error: unexpected end of JSON input", '', mutating],
    ['failed to call webhook: the answer is no JSON object', '[]', mutating],
    [`${invalid}webhook response was absent`, '{}', mutating],
    [`${invalid}expected response.uid="1", got "2"`, review({ uid: '2' }), mutating],
    [`${invalid}expected response.uid="1", got ""`, review({}), mutating],
    [
      `${invalid}expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got admission.k8s.io/v1beta1, Kind=AdmissionReview`,
      review({ uid: '1' }, 'admission.k8s.io/v1beta1'),
      mutating,
    ],
    [
      `${invalid}expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got , Kind=`,
      '{"response":{"uid":"1"}}',
      mutating,
    ],
    [
      `${invalid}webhook returned response.patch but not response.patchType`,
      review({ uid: '1', patch: patch.patch }),
      mutating,
    ],
    [
      `${invalid}webhook returned response.patchType but not response.patch`,
      review({ uid: '1', patchType: 'JSONPatch' }),
      mutating,
    ],
    [
      `${invalid}webhook returned invalid response.patchType of ""`,
      review({ uid: '1', ...patch, patchType: '' }),
      mutating,
    ],
    ['unsupported patch type "Merge"', review({ uid: '1', ...patch, patchType: 'Merge' }), mutating],
    [`${invalid}validating webhook may not return response.patch`, review({ uid: '1', ...patch }), validating],
    [
      `${invalid}validating webhook may not return response.patchType`,
      review({ uid: '1', patchType: 'JSONPatch' }),
      validating,
    ],
    [
      'received undecodable patch in webhook response: illegal base64 data at input byte 0',
      review({ uid: '1', patch: '!', patchType: 'JSONPatch' }),
      mutating,
    ],
    [
      'received undecodable patch in webhook response: a JSON patch must be a list of operations',
      review({ uid: '1', patch: base64({}), patchType: 'JSONPatch' }),
      mutating,
    ],
    [
      'failed to call webhook: json: cannot unmarshal into Go struct field AdmissionResponse.response.allowed of type bool',
      review({ uid: '1', allowed: 'yes' }),
      mutating,
    ],
    [
      'failed to call webhook: json: cannot unmarshal into Go struct field AdmissionResponse.response.warnings of type []string',
      review({ uid: '1', warnings: [1] }),
      mutating,
    ],
    [
      'failed to call webhook: json: cannot unmarshal into Go struct field AdmissionResponse.response.auditAnnotations of type map[string]string',
      review({ uid: '1', auditAnnotations: { a: 1 } }),
      mutating,
    ],
  ])('%s', (reason, text, asked) => expect(readAnswer(text, asked)).toEqual({ kind: 'invalid', reason }));

  it('nests without end', () => {
    const deep = review({ uid: '1' }).replace('"1"', `${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(readAnswer(deep, mutating)).toMatchObject({ kind: 'invalid' });
  });
});
