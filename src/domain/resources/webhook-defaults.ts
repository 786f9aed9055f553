import type { MutatingWebhook, ValidatingWebhook, WebhookClientConfig } from '../meta/types.ts';
import { withDefaults } from './with-defaults.ts';

/** kubernetes pkg/apis/admissionregistration/v1/defaults.go */
export function defaultWebhook<T extends MutatingWebhook | ValidatingWebhook>(webhook: T): T {
  const common: ValidatingWebhook = withDefaults<ValidatingWebhook>(webhook, {
    failurePolicy: 'Fail',
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
  });
  const { rules, clientConfig } = common;
  return {
    ...webhook,
    ...common,
    ...(rules ? { rules: rules.map((rule) => withDefaults(rule, { scope: '*' })) } : {}),
    ...(clientConfig ? { clientConfig: defaultClientConfig(clientConfig) } : {}),
  };
}

const defaultClientConfig = (clientConfig: WebhookClientConfig): WebhookClientConfig =>
  clientConfig.service ? { ...clientConfig, service: withDefaults(clientConfig.service, { port: 443 }) } : clientConfig;
