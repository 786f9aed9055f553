import type { KubernetesObject } from '../../meta/types.ts';
import { mutatingWebhookConfigurations } from '../../resources/mutating-webhook-configuration.ts';
import { namespaces } from '../../resources/namespace.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import { validatingWebhookConfigurations } from '../../resources/validating-webhook-configuration.ts';
import type { Lister } from '../chain.ts';
import { listerOf } from '../lister-of.ts';
import type { AskOptions } from './ask-webhook.ts';
import type { CallWebhook, WebhookReply } from './call-webhook.ts';
import type { Webhook } from './configured-webhooks.ts';

/** What was asked, as the webhook would have read it. */
export type Asked = { webhook: string; request: Record<string, unknown> & { uid: string; object: KubernetesObject } };

/** What a webhook answers besides its uid; a text instead is a failure to ask it. */
export type Answers = Readonly<Record<string, (asked: Asked['request']) => object | string>>;

/** Webhooks that answer in this process, for tests: the URL's host is the name under which `answers` has them. */
export function answeringWebhooks(answers: Answers): { asked: Asked[]; options: AskOptions; warned: string[] } {
  const asked: Asked[] = [];
  const warned: string[] = [];
  const call: CallWebhook = async ({ clientConfig, body }): Promise<WebhookReply> => {
    const webhook = new URL(clientConfig.url ?? '').hostname;
    const { request } = JSON.parse(body) as Asked;
    asked.push({ webhook, request });
    const answer = answers[webhook]!(request);
    if (typeof answer === 'string') return { kind: 'failed', reason: answer };
    const response = { uid: request.uid, ...answer };
    return {
      kind: 'answered',
      body: JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', response }),
    };
  };
  const note = (fields: object) => void warned.push(JSON.stringify(fields));
  const logger = { debug: note, info: note, warn: note, error: note };
  return { asked, options: { call, logger }, warned };
}

export const hook = (name: string, more: Partial<Webhook> = {}): Webhook => ({
  name: `${name}.example.com`,
  clientConfig: { url: `https://${name}` },
  rules: [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*', '*/scale'] }],
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  ...more,
});

/** A store with one configuration of each kind and the namespace `plant`. */
export const listerWith = (mutating: Webhook[], validating: Webhook[] = []): Lister => {
  const one = <T extends KubernetesObject>(definition: ResourceDefinition<T>, object: T) => ({
    definition: definition as ResourceDefinition,
    objects: [definition.default(object)],
  });
  return listerOf(
    one(namespaces, { metadata: { name: 'plant' } }),
    one(mutatingWebhookConfigurations, { metadata: { name: 'm' }, webhooks: mutating }),
    one(validatingWebhookConfigurations, { metadata: { name: 'v' }, webhooks: validating }),
  );
};

/** Allows, and changes the object by these operations of a JSON patch. */
export const patching = (...operations: object[]) => ({
  allowed: true,
  patchType: 'JSONPatch',
  patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
});
