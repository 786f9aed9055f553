import { invalidValue, required, type FieldError } from '../meta/field-error.ts';
import { dns1035Label, fullyQualifiedName } from '../meta/names.ts';
import type { MutatingWebhook, ValidatingWebhook } from '../meta/types.ts';
import { webhookVariables } from './admission-expression.ts';
import { validateLabelSelector } from './label-selector-validation.ts';
import { validateMatchConditions } from './match-condition-validation.ts';
import { uniqueNames } from './unique.ts';
import { eachOf, givenName, named, oneOf } from './value-rules.ts';
import { validateWebhookClientConfig } from './webhook-client-config-validation.ts';
import { validateWebhookRule } from './webhook-rule-validation.ts';

type Webhook = ValidatingWebhook & Pick<MutatingWebhook, 'reinvocationPolicy'>;

/** Versions of AdmissionReview that k2d speaks. */
const reviewVersions = ['v1', 'v1beta1'];

/** Those that promise to do nothing for a dry run; the others ended with admissionregistration/v1beta1. */
const sideEffects = ['None', 'NoneOnDryRun'];

const longestSeconds = 30;

/** kubernetes pkg/apis/admissionregistration/validation/validation.go validateMutatingWebhookConfiguration */
export const validateWebhooks = (webhooks: readonly Webhook[] | undefined): FieldError[] => [
  ...eachOf('webhooks', webhooks, (webhook, at) => [
    ...validateWebhook(webhook, at),
    ...validateReviewVersions(webhook.admissionReviewVersions ?? [], `${at}.admissionReviewVersions`),
  ]),
  ...uniqueNames(webhooks, 'webhooks'),
];

const validateWebhook = (webhook: Webhook, at: string): FieldError[] => [
  ...givenName(`${at}.name`, webhook.name, fullyQualifiedName),
  ...eachOf(`${at}.rules`, webhook.rules, validateWebhookRule),
  ...oneOf(`${at}.failurePolicy`, webhook.failurePolicy, ['Fail', 'Ignore']),
  ...oneOf(`${at}.matchPolicy`, webhook.matchPolicy, ['Equivalent', 'Exact']),
  ...validateSideEffects(webhook.sideEffects, `${at}.sideEffects`),
  ...validateTimeout(webhook.timeoutSeconds, `${at}.timeoutSeconds`),
  ...validateLabelSelector(webhook.namespaceSelector ?? {}, `${at}.namespaceSelector`),
  ...validateLabelSelector(webhook.objectSelector ?? {}, `${at}.objectSelector`),
  ...oneOf(`${at}.reinvocationPolicy`, webhook.reinvocationPolicy, ['IfNeeded', 'Never']),
  ...validateWebhookClientConfig(webhook.clientConfig ?? {}, `${at}.clientConfig`),
  ...validateMatchConditions(webhook.matchConditions, `${at}.matchConditions`, webhookVariables),
];

const validateSideEffects = (value: string | undefined, field: string): FieldError[] =>
  value === undefined
    ? [required(field, `must specify one of ${sideEffects.join(', ')}`)]
    : oneOf(field, value, sideEffects);

const validateTimeout = (seconds: number | undefined, field: string): FieldError[] =>
  seconds !== undefined && (seconds < 1 || seconds > longestSeconds)
    ? [invalidValue(field, seconds, `the timeout value must be between 1 and ${longestSeconds} seconds`)]
    : [];

function validateReviewVersions(versions: readonly string[], field: string): FieldError[] {
  if (versions.length === 0) return [required(field, `must specify one of ${reviewVersions.join(', ')}`)];
  return [
    ...eachOf(field, versions, (version, at, index) =>
      versions.indexOf(version) < index
        ? [invalidValue(at, version, 'duplicate version')]
        : named(at, version, dns1035Label),
    ),
    ...(versions.some((version) => reviewVersions.includes(version))
      ? []
      : [invalidValue(field, versions, `must include at least one of ${reviewVersions.join(', ')}`)]),
  ];
}
