import { isJsonObject, type JsonObject } from '../../meta/patch/json-value.ts';
import { base64Error } from '../../meta/schema/base64-error.ts';
import { decodeStrict } from '../../meta/schema/decode-strict.ts';
import type { ReviewVersion } from './admission-review.ts';

export type ReviewAnswer = {
  allowed: boolean;
  /** metav1.Status as the webhook sent it, unchecked. */
  status: JsonObject;
  /** Operations of a JSON patch, unchecked; undefined when there are none. */
  patch?: unknown;
  warnings: readonly string[];
  auditAnnotations: Readonly<Record<string, string>>;
};

/** `reason` ends the text `failed calling webhook "x": `. */
export type ReadAnswer = { kind: 'read'; answer: ReviewAnswer } | { kind: 'invalid'; reason: string };

export type AskedReview = { uid: string; version: ReviewVersion; mutating: boolean };

/** Ends the reading from anywhere inside it; never leaves this file. */
class AnswerError extends Error {}

/** Checks the whole answer, for any program may have written it (apiserver pkg/admission/plugin/webhook/request/admissionreview.go VerifyAdmissionResponse). */
export function readAnswer(text: string, asked: AskedReview): ReadAnswer {
  try {
    return { kind: 'read', answer: answerOf(reviewOf(text), asked) };
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    return { kind: 'invalid', reason: error.message };
  }
}

function reviewOf(text: string): JsonObject {
  const decoded = decodeStrict(text);
  if (decoded.kind === 'invalid') {
    throw new AnswerError(`failed to call webhook: couldn't get version/kind; json parse error: ${decoded.message}`);
  }
  if (!isJsonObject(decoded.object)) throw new AnswerError('failed to call webhook: the answer is no JSON object');
  return decoded.object;
}

const refused = (why: string): AnswerError => new AnswerError(`received invalid webhook response: ${why}`);

function answerOf(review: JsonObject, asked: AskedReview): ReviewAnswer {
  const response = review['response'];
  if (!isJsonObject(response)) throw refused('webhook response was absent');
  checkIdentity(review, response, asked);
  const patch = patchOf(response, asked);
  return {
    allowed: booleanIn(response, 'allowed'),
    status: isJsonObject(response['status']) ? response['status'] : {},
    ...(patch === undefined ? {} : { patch }),
    warnings: stringsOf(response, 'warnings'),
    auditAnnotations: annotationsOf(response),
  };
}

/** The older version leaves out what names it. */
function checkIdentity(review: JsonObject, response: JsonObject, { uid, version }: AskedReview): void {
  const { apiVersion = '', kind = '' } = review as { apiVersion?: unknown; kind?: unknown };
  if (version === 'v1beta1' && apiVersion === '' && kind === '') return;
  const wanted = `admission.k8s.io/${version}, Kind=AdmissionReview`;
  const got = `${short(apiVersion)}, Kind=${short(kind)}`;
  if (got !== wanted) throw refused(`expected webhook response of ${wanted}, got ${got}`);
  if (version === 'v1' && response['uid'] !== uid) {
    throw refused(`expected response.uid="${uid}", got "${short(response['uid'] ?? '')}"`);
  }
}

function patchOf(response: JsonObject, { version, mutating }: AskedReview): unknown {
  const text = stringIn(response, 'patch');
  const type = response['patchType'] ?? undefined;
  if (!mutating) {
    if (text !== '' && version === 'v1') throw refused('validating webhook may not return response.patch');
    if (type !== undefined && version === 'v1') throw refused('validating webhook may not return response.patchType');
    return undefined;
  }
  if (version === 'v1') checkPatchType(text, type);
  return text === '' ? undefined : decodePatch(text);
}

function checkPatchType(patch: string, type: unknown): void {
  if (patch !== '' && type === undefined) throw refused('webhook returned response.patch but not response.patchType');
  if (patch === '' && type !== undefined) throw refused('webhook returned response.patchType but not response.patch');
  if (type === '') throw refused('webhook returned invalid response.patchType of ""');
  if (type !== undefined && type !== 'JSONPatch') throw new AnswerError(`unsupported patch type "${short(type)}"`);
}

function decodePatch(text: string): unknown {
  const undecodable = (why: string) => new AnswerError(`received undecodable patch in webhook response: ${why}`);
  const error = base64Error(text);
  if (error !== undefined) throw undecodable(error);
  const decoded = decodeStrict(Buffer.from(text, 'base64').toString('utf8'));
  if (decoded.kind === 'invalid') throw undecodable(decoded.message);
  if (!Array.isArray(decoded.object)) throw undecodable('a JSON patch must be a list of operations');
  return decoded.object.length === 0 ? undefined : decoded.object;
}

const mismatch = (field: string, goType: string): AnswerError =>
  new AnswerError(
    `failed to call webhook: json: cannot unmarshal into Go struct field AdmissionResponse.response.${field} of type ${goType}`,
  );

function booleanIn(response: JsonObject, field: string): boolean {
  const value = response[field] ?? false;
  if (typeof value !== 'boolean') throw mismatch(field, 'bool');
  return value;
}

function stringIn(response: JsonObject, field: string): string {
  const value = response[field] ?? '';
  if (typeof value !== 'string') throw mismatch(field, 'string');
  return value;
}

function stringsOf(response: JsonObject, field: string): readonly string[] {
  const value = response[field] ?? [];
  if (!Array.isArray(value) || !value.every((text) => typeof text === 'string')) throw mismatch(field, '[]string');
  return value;
}

function annotationsOf(response: JsonObject): Readonly<Record<string, string>> {
  const value = response['auditAnnotations'] ?? {};
  if (!isJsonObject(value) || !Object.values(value).every((text) => typeof text === 'string')) {
    throw mismatch('auditAnnotations', 'map[string]string');
  }
  return value as Readonly<Record<string, string>>;
}

const short = (value: unknown): string => String(value).slice(0, 200);
