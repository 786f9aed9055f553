import { metaOf } from '../../meta/object-key.ts';
import type { MutatingWebhook, ValidatingWebhook } from '../../meta/types.ts';
import { mutatingWebhookConfigurations } from '../../resources/mutating-webhook-configuration.ts';
import { validatingWebhookConfigurations } from '../../resources/validating-webhook-configuration.ts';
import type { Lister } from '../chain.ts';

/** What both kinds of webhook have; stored ones have all defaults. */
export type Webhook = ValidatingWebhook & Pick<MutatingWebhook, 'reinvocationPolicy'>;

export type ConfiguredWebhook = {
  /** Distinguishes webhooks of the same name in several configurations. */
  id: string;
  webhook: Webhook;
};

type Configuration = { metadata?: { name?: string }; webhooks?: Webhook[] };

/** In the order of the configurations' names, then as each lists them (apiserver pkg/admission/configuration/mutating_webhook_manager.go). */
export const mutatingWebhooksIn = (lister: Lister): ConfiguredWebhook[] =>
  lister.all(mutatingWebhookConfigurations).flatMap(webhooksOf);

export const validatingWebhooksIn = (lister: Lister): ConfiguredWebhook[] =>
  lister.all(validatingWebhookConfigurations).flatMap(webhooksOf);

const webhooksOf = (configuration: Configuration): ConfiguredWebhook[] =>
  (configuration.webhooks ?? []).map((webhook) => ({
    id: `${metaOf(configuration).name}/${webhook.name}`,
    webhook,
  }));
