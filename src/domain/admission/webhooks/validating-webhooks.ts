import type { AdmissionPlugin, AdmissionRequest, Lister } from '../chain.ts';
import { askWebhook, type AskOptions } from './ask-webhook.ts';
import { validatingWebhooksIn } from './configured-webhooks.ts';
import { isExempt, type HasCaughtUp } from './exempt.ts';
import { matchWebhook, type VersionsOf } from './match-webhook.ts';
import { TimeBudget } from './time-budget.ts';

export type ValidatingWebhooksOptions = AskOptions & { versionsOf: VersionsOf; hasCaughtUp: HasCaughtUp };

/** Asks the webhooks of ValidatingWebhookConfigurations side by side about the object as it would be stored (apiserver pkg/admission/plugin/webhook/validating). */
export const validatingWebhooks = (options: ValidatingWebhooksOptions): AdmissionPlugin => ({
  name: 'ValidatingAdmissionWebhook',
  async validate(request, lister) {
    if (!isExempt(request, options.hasCaughtUp)) await askTogether(options, request, lister);
  },
});

/** All answers are awaited, so that every warning reaches the client; of several refusals the first in order is told. */
async function askTogether(
  options: ValidatingWebhooksOptions,
  request: AdmissionRequest,
  lister: Lister,
): Promise<void> {
  const budget = new TimeBudget();
  const invocations = validatingWebhooksIn(lister).flatMap(({ webhook }) => {
    const resource = matchWebhook(webhook, request, lister, options.versionsOf);
    return resource === undefined ? [] : [{ webhook, resource }];
  });
  const answers = await Promise.allSettled(
    invocations.map((invocation) => askWebhook(options, invocation, { request, lister, mutating: false, budget })),
  );
  const refusal = answers.find((answer) => answer.status === 'rejected');
  if (refusal) throw refusal.reason;
}
