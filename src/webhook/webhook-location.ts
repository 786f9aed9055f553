import type { WebhookClientConfig } from '../domain/meta/types.ts';
import type { ServicePlace } from '../domain/network/resolve-service.ts';

export type WebhookLocation = {
  /** What is asked for, and what messages name. */
  url: string;
  place: { kind: 'host'; host: string; port: number } | ({ kind: 'service' } & ServicePlace);
  /** The name that the certificate must have; undefined is the host's own. */
  serverName?: string;
  /** PEM of whom to trust; undefined trusts whom the machine trusts. */
  trusted?: string;
};

const httpsPort = 443;

/** Where a webhook is, and who it has to be (apiserver pkg/util/webhook/client.go HookClient). */
export function webhookLocation(config: WebhookClientConfig, timeoutSeconds: number): WebhookLocation {
  const { url = '', service, caBundle } = config;
  const query = `timeout=${timeoutSeconds}s`;
  return {
    ...(service ? behindService(service, query) : atUrl(url, query)),
    ...(caBundle ? { trusted: Buffer.from(caBundle, 'base64').toString('utf8') } : {}),
  };
}

function behindService(
  { namespace, name, port = httpsPort, path = '' }: NonNullable<WebhookClientConfig['service']>,
  query: string,
): WebhookLocation {
  const serverName = `${name}.${namespace}.svc`;
  return {
    url: `https://${serverName}:${port}${path || '/'}?${query}`,
    place: { kind: 'service', namespace, name, port },
    serverName,
  };
}

function atUrl(text: string, query: string): WebhookLocation {
  const url = new URL(text);
  url.search = query;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return { url: url.href, place: { kind: 'host', host, port: Number(url.port) || httpsPort } };
}
