import { isJsonObject, type JsonObject } from '../../meta/patch/json-value.ts';
import { StatusError, type StatusCause, type StatusDetails, type StatusReason } from '../../meta/status-error.ts';

const leastCode = 400;
const mostCode = 599;

/** As many causes as anybody reads. */
const mostCauses = 100;

/**
 * What the client hears of a webhook's no: the webhook's own code, reason, message and details, as far as they are of the right types
 * (apiserver pkg/admission/plugin/webhook/errors/statuserror.go ToStatusErr).
 */
export function denial(webhookName: string, status: JsonObject): StatusError {
  const reason = textIn(status, 'reason');
  const explanation = textIn(status, 'message') || reason;
  const deniedBy = `admission webhook "${webhookName}" denied the request`;
  return new StatusError(
    codeIn(status),
    reason as StatusReason | '',
    explanation === '' ? `${deniedBy} without explanation` : `${deniedBy}: ${explanation}`,
    detailsIn(status),
  );
}

const textIn = (object: JsonObject, field: string): string => (typeof object[field] === 'string' ? object[field] : '');

/** A refusal never looks like success. */
function codeIn({ code }: JsonObject): number {
  return Number.isInteger(code) && Number(code) >= leastCode && Number(code) <= mostCode ? Number(code) : leastCode;
}

function detailsIn({ details }: JsonObject): StatusDetails | undefined {
  if (!isJsonObject(details)) return undefined;
  const texts = ['name', 'group', 'kind', 'uid'].map((field) => [field, textIn(details, field)]);
  const { causes, retryAfterSeconds: seconds } = details;
  return {
    ...Object.fromEntries(texts.filter(([, text]) => text !== '')),
    ...(Array.isArray(causes) ? { causes: causes.filter(isJsonObject).slice(0, mostCauses).map(causeOf) } : {}),
    ...(Number.isInteger(seconds) && Number(seconds) > 0 ? { retryAfterSeconds: Number(seconds) } : {}),
  };
}

const causeOf = (cause: JsonObject): StatusCause => {
  const field = textIn(cause, 'field');
  return { reason: textIn(cause, 'reason'), message: textIn(cause, 'message'), ...(field === '' ? {} : { field }) };
};
