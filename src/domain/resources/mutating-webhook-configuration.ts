import type { MutatingWebhookConfiguration } from '../meta/types.ts';
import { defineResource } from './resource-definition.ts';
import { webhookConfigurationForm } from './webhook-configuration-form.ts';
import { defaultWebhook } from './webhook-defaults.ts';
import { withDefaults } from './with-defaults.ts';

/** kubernetes pkg/registry/admissionregistration/mutatingwebhookconfiguration/strategy.go */
export const mutatingWebhookConfigurations = defineResource<MutatingWebhookConfiguration>({
  ...webhookConfigurationForm,
  kind: 'MutatingWebhookConfiguration',
  plural: 'mutatingwebhookconfigurations',
  singular: 'mutatingwebhookconfiguration',
  default: (configuration) =>
    configuration.webhooks
      ? {
          ...configuration,
          webhooks: configuration.webhooks.map((webhook) =>
            withDefaults(defaultWebhook(webhook), { reinvocationPolicy: 'Never' }),
          ),
        }
      : configuration,
});
