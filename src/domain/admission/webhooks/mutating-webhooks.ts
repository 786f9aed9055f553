import { sameJson } from '../../meta/deep-equal.ts';
import type { KubernetesObject } from '../../meta/types.ts';
import type { AdmissionChain, AdmissionPlugin, AdmissionRequest, Lister } from '../chain.ts';
import { askWebhook, type AskOptions, type Invocation } from './ask-webhook.ts';
import { mutatingWebhooksIn, type ConfiguredWebhook } from './configured-webhooks.ts';
import { isExempt, type HasCaughtUp } from './exempt.ts';
import { matchWebhook, type VersionsOf } from './match-webhook.ts';
import { patchedObject } from './patched-object.ts';
import { Reinvocation } from './reinvocation.ts';
import { TimeBudget } from './time-budget.ts';

export type MutatingWebhooksOptions = AskOptions & {
  versionsOf: VersionsOf;
  /** The plug-ins before this one, which look again at what a webhook changed. */
  earlier: AdmissionChain;
  hasCaughtUp: HasCaughtUp;
};

/**
 * Asks the webhooks of MutatingWebhookConfigurations one after the other, each about what the one before made (apiserver
 * pkg/admission/plugin/webhook/mutating).
 */
export const mutatingWebhooks = (options: MutatingWebhooksOptions): AdmissionPlugin => {
  const turnsFor = (request: AdmissionRequest, lister: Lister): Turns => ({
    options,
    lister,
    hooks: isExempt(request, options.hasCaughtUp) ? [] : mutatingWebhooksIn(lister),
    reinvocation: new Reinvocation(),
    budget: new TimeBudget(),
    again: false,
  });
  return {
    name: 'MutatingAdmissionWebhook',
    mutate: (request, lister) => askTwice(turnsFor(request, lister), request),
    /** There is nothing to change in a delete, but a mutating webhook may refuse it. */
    async validate(request, lister) {
      if (request.operation === 'DELETE') await askInTurn(turnsFor(request, lister), request);
    },
  };
};

type Turns = {
  options: MutatingWebhooksOptions;
  lister: Lister;
  hooks: readonly ConfiguredWebhook[];
  reinvocation: Reinvocation;
  budget: TimeBudget;
  /** The second time only those that are due. */
  again: boolean;
};

/** What a webhook changed is looked at once more by the other plug-ins, and by webhooks that wish it (apiserver pkg/admission/reinvocation.go). */
async function askTwice(turns: Turns, request: AdmissionRequest): Promise<KubernetesObject | undefined> {
  const { options, lister, reinvocation } = turns;
  const first = await askInTurn(turns, request);
  if (first === undefined || first === request.object) return undefined;
  const second = await options.earlier.mutate({ ...request, object: first }, lister);
  if (!sameJson(second, first)) reinvocation.objectChanged();
  return askInTurn({ ...turns, again: true }, { ...request, object: second });
}

/** Answers the object as the webhooks leave it: the very same one when none changed it. */
async function askInTurn(turns: Turns, request: AdmissionRequest): Promise<KubernetesObject | undefined> {
  const { options, lister, hooks, reinvocation, again } = turns;
  let { object } = request;
  for (const hook of hooks) {
    const current = object === undefined ? request : { ...request, object };
    const resource = matchWebhook(hook.webhook, current, lister, options.versionsOf);
    if (resource === undefined || (again && !reinvocation.isDue(hook))) continue;
    const next = await objectAfter(turns, { webhook: hook.webhook, resource }, current);
    if (next !== object) reinvocation.objectChanged();
    reinvocation.wasAsked(hook);
    object = next;
  }
  return object;
}

async function objectAfter(
  { options, lister, budget }: Turns,
  { webhook, resource }: Invocation,
  request: AdmissionRequest,
): Promise<KubernetesObject | undefined> {
  const answer = await askWebhook(options, { webhook, resource }, { request, lister, mutating: true, budget });
  if (answer?.patch === undefined) return request.object;
  const next = patchedObject({ request, resource, webhookName: webhook.name, patch: answer.patch });
  return sameJson(next, request.object) ? request.object : next;
}
