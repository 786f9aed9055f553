import type { WebhookClientConfig } from '../../meta/types.ts';
import type { Lister } from '../chain.ts';

export type WebhookCall = {
  clientConfig: WebhookClientConfig;
  /** JSON. */
  body: string;
  /** Told to the webhook, which may give up in time; the signal ends the call in any case. */
  timeoutSeconds: number;
};

export type WebhookReply =
  /** JSON, if the webhook does as it should. */
  | { kind: 'answered'; body: string }
  /** `reason` is text for the client whose request waits, in the words of Kubernetes' own HTTP client. */
  | { kind: 'failed'; reason: string };

/** Asks a webhook over HTTPS; never throws. `lister` knows the Service that it may stand behind. */
export type CallWebhook = (call: WebhookCall, lister: Lister, signal: AbortSignal) => Promise<WebhookReply>;
