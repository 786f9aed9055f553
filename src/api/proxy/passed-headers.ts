import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';

/** Of one connection only (RFC 9110, 7.6.1); `upgrade` is put back where a connection is taken over. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What proves to k2d who asks is nobody else's to see. Whether the client may send is settled between it and k2d. */
const ours = new Set(['authorization', 'expect']);

const isImpersonation = (name: string): boolean => name.startsWith('impersonate-');

/** What goes to the backend of a request; `path` is what the client asked for. */
export function passedRequestHeaders(request: IncomingMessage, path: string): OutgoingHttpHeaders {
  const { headers, socket } = request;
  const kept = Object.entries(endToEnd(headers)).filter(([name]) => !ours.has(name) && !isImpersonation(name));
  const before = headers['x-forwarded-for'];
  const from = socket.remoteAddress ?? '';
  return {
    ...Object.fromEntries(kept),
    ...(headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' }),
    'x-forwarded-for': before === undefined ? from : `${String(before)}, ${from}`,
    'x-forwarded-uri': path,
  };
}

/** Where a redirect leads that stays with the backend, `prefix` is where the client finds it (apimachinery pkg/util/proxy/transport.go rewriteURL). */
export function passedResponseHeaders(
  { headers }: IncomingMessage,
  { prefix, hosts }: { prefix: string; hosts: readonly string[] },
): OutgoingHttpHeaders {
  const kept = endToEnd(headers);
  const { location } = headers;
  return location === undefined ? kept : { ...kept, location: throughProxy(location, prefix, hosts) };
}

function endToEnd(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name) && !named.includes(name)));
}

/** Relative addresses and those of other hosts stay as they are. */
export function throughProxy(address: string, prefix: string, hosts: readonly string[]): string {
  const [, host, path] = /^(?:https?:)?\/\/([^/?#]*)(\/.*)?$/i.exec(address) ?? [undefined, undefined, address];
  if (host !== undefined && !hosts.includes(host)) return address;
  const isAbsolute = (path ?? '/').startsWith('/');
  return !isAbsolute || path?.startsWith(`${prefix}/`) ? address : `${prefix}${path ?? '/'}`;
}
