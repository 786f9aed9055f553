import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { Lister } from '../domain/admission/chain.ts';
import type { CallWebhook, WebhookReply } from '../domain/admission/webhooks/call-webhook.ts';
import { resolveService, type ResolvedService } from '../domain/network/resolve-service.ts';
import { readBounded } from './read-bounded.ts';
import { transportError } from './transport-error.ts';
import { trustPublicAuthorities } from './trust-public-authorities.ts';
import { unsuccessfulAnswer } from './unsuccessful-answer.ts';
import { webhookLocation, type WebhookLocation } from './webhook-location.ts';

/** The largest object, as the patch that would make it. */
const maxAnswerBytes = 3 * 1024 * 1024;

/** Calls under way at once; more wait for their turn. */
const maxConnections = 32;

/** TLS sessions that spare a later connection half of its handshake. */
const rememberedSessions = 8;

/**
 * Asks webhooks over HTTPS (apiserver pkg/util/webhook/client.go). A connection serves one call: a device asks seldom, and connections
 * that are kept would have to be bounded, timed and tried again when their end closed them.
 */
export function webhookClient({ random }: { random: () => number }): CallWebhook {
  const agent = new Agent({ maxTotalSockets: maxConnections, maxCachedSessions: rememberedSessions });
  return async ({ clientConfig, body, timeoutSeconds }, lister, signal) => {
    const location = webhookLocation(clientConfig, timeoutSeconds);
    const place = placeOf(location, lister, random);
    if (place.kind === 'unresolved') return failed(location, place.reason);
    try {
      const response = await post(agent, location, place, body, signal);
      const text = await readBounded(response, maxAnswerBytes);
      return replyOf(response.statusCode ?? 0, text);
    } catch (error) {
      return failed(location, transportError(error, signal, place));
    }
  };
}

const placeOf = ({ place }: WebhookLocation, lister: Lister, random: () => number): ResolvedService =>
  place.kind === 'service' ? resolveService(lister, place, random) : { ...place, kind: 'resolved' };

const failed = ({ url }: WebhookLocation, why: string): WebhookReply => ({
  kind: 'failed',
  reason: `Post "${url}": ${why}`,
});

const replyOf = (status: number, text: string): WebhookReply =>
  status >= 200 && status <= 206
    ? { kind: 'answered', body: text }
    : { kind: 'failed', reason: unsuccessfulAnswer(status, text) };

async function post(
  agent: Agent,
  { url, serverName, trusted }: WebhookLocation,
  { host, port }: { host: string; port: number },
  body: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  if (trusted === undefined) trustPublicAuthorities();
  const { pathname, search, host: hostHeader } = new URL(url);
  const request = httpsRequest({
    agent,
    host,
    port,
    path: `${pathname}${search}`,
    method: 'POST',
    headers: {
      host: hostHeader,
      accept: 'application/json, */*',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    },
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(trusted === undefined ? {} : { ca: trusted }),
    signal,
  });
  // What goes wrong after the answer began is the answer's to tell.
  request.on('error', () => undefined);
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}
