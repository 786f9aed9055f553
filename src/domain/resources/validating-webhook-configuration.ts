import type { ValidatingWebhookConfiguration } from '../meta/types.ts';
import { defineResource } from './resource-definition.ts';
import { webhookConfigurationForm } from './webhook-configuration-form.ts';
import { defaultWebhook } from './webhook-defaults.ts';

/** kubernetes pkg/registry/admissionregistration/validatingwebhookconfiguration/strategy.go */
export const validatingWebhookConfigurations = defineResource<ValidatingWebhookConfiguration>({
  ...webhookConfigurationForm,
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  singular: 'validatingwebhookconfiguration',
  default: (configuration) =>
    configuration.webhooks ? { ...configuration, webhooks: configuration.webhooks.map(defaultWebhook) } : configuration,
});
