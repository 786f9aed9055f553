import { randomUUID } from 'node:crypto';
import type { Logger } from '../../meta/logger.ts';
import { badRequest, internalError } from '../../meta/status-error.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import type { AdmissionRequest, Lister } from '../chain.ts';
import { admissionReview, reviewVersionOf } from './admission-review.ts';
import type { CallWebhook } from './call-webhook.ts';
import type { Webhook } from './configured-webhooks.ts';
import { denial } from './denial.ts';
import { readAnswer, type ReviewAnswer } from './review-answer.ts';
import type { TimeBudget } from './time-budget.ts';

export type AskOptions = { call: CallWebhook; logger: Logger };

/** One webhook and the version of the resource that it is to see. */
export type Invocation = { webhook: Webhook; resource: ResourceDefinition };

/** What a webhook that was asked makes of the write. */
export type Question = { request: AdmissionRequest; lister: Lister; mutating: boolean; budget: TimeBudget };

/**
 * The answer of a webhook that allows the write; undefined when it could not be asked and its failurePolicy lets that pass. Throws the
 * webhook's own refusal, or 500 when it could not be asked.
 */
export async function askWebhook(
  { call, logger }: AskOptions,
  { webhook, resource }: Invocation,
  { request, lister, mutating, budget }: Question,
): Promise<ReviewAnswer | undefined> {
  if (request.dryRun && !dryRunSafe.has(webhook.sideEffects)) {
    throw badRequest(`admission webhook "${webhook.name}" does not support dry run`);
  }
  budget.check();
  const asked = await ask();
  if (asked.kind === 'invalid') return failed(asked.reason);
  const { answer } = asked;
  for (const warning of answer.warnings) request.warn(warning);
  noteAnnotations(logger, webhook, answer);
  if (!answer.allowed) throw denial(webhook.name, answer.status);
  return answer;

  async function ask() {
    const version = reviewVersionOf(webhook.admissionReviewVersions ?? []);
    if (version === undefined) return { kind: 'invalid', reason: unknownVersions } as const;
    const uid = randomUUID();
    const timeoutSeconds = webhook.timeoutSeconds ?? defaultSeconds;
    const body = JSON.stringify(admissionReview(request, resource, { uid, version }));
    const reply = await budget.run(timeoutSeconds, (signal) =>
      call({ clientConfig: webhook.clientConfig, body, timeoutSeconds }, lister, signal),
    );
    return reply.kind === 'failed'
      ? ({ kind: 'invalid', reason: `failed to call webhook: ${reply.reason}` } as const)
      : readAnswer(reply.body, { uid, version, mutating });
  }

  function failed(reason: string): undefined {
    const message = `failed calling webhook "${webhook.name}": ${reason}`;
    if (webhook.failurePolicy !== 'Ignore') throw internalError(message);
    logger.warn(
      { webhook: webhook.name, reason },
      'a webhook could not be asked; its failurePolicy lets the write pass',
    );
    return undefined;
  }
}

const dryRunSafe: ReadonlySet<string> = new Set(['None', 'NoneOnDryRun']);
const defaultSeconds = 10;
const unknownVersions =
  'could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)';

/** There is no audit log that they could be added to. */
function noteAnnotations(logger: Logger, webhook: Webhook, { auditAnnotations }: ReviewAnswer): void {
  if (Object.keys(auditAnnotations).length === 0) return;
  logger.debug({ webhook: webhook.name, auditAnnotations }, 'what a webhook has to say for an audit');
}
