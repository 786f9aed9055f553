import { sameJson } from '../meta/deep-equal.ts';
import { metaOf } from '../meta/object-key.ts';
import type { KubernetesObject, MutatingWebhook, ValidatingWebhook } from '../meta/types.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import type { Column } from './resource-definition.ts';
import { validateWebhooks } from './webhook-validation.ts';

/** A list of webhooks; the mutating kind has one field more. */
export type WebhookConfiguration = KubernetesObject & { webhooks?: (MutatingWebhook | ValidatingWebhook)[] };

/** The webhooks are the spec of these kinds, so a change of them is a new generation. */
const countGeneration = <T extends WebhookConfiguration>(next: T, current: T): T =>
  sameJson(next.webhooks, current.webhooks)
    ? next
    : { ...next, metadata: { ...metaOf(next), generation: (metaOf(current).generation ?? 0) + 1 } };

const webhooksColumn: Column<WebhookConfiguration> = {
  name: 'Webhooks',
  type: 'integer',
  description: 'Webhooks indicates the number of webhooks defined in this configuration',
  cell: ({ webhooks }) => webhooks?.length ?? 0,
};

/** What both kinds of configuration have in common. */
export const webhookConfigurationForm = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  categories: ['api-extensions'],
  scope: 'Cluster',
  hasGeneration: true,
  prepareForUpdate: countGeneration,
  validate: ({ webhooks }: WebhookConfiguration) => validateWebhooks(webhooks),
  columns: [nameColumn, webhooksColumn, ageColumn],
} as const;
