const prefix = 'base64url.bearer.authorization.k8s.io.';

/** `token` is undefined when no protocol carries one; `protocols` are the others, which the server may choose from. */
export type OfferedProtocols = { token: string | undefined; protocols: readonly string[] };

/**
 * Browsers cannot set headers of WebSockets, so their token is one of the protocols that they offer. Undefined when they offer it wrongly:
 * twice, undecodable, or without another protocol (apiserver pkg/authentication/request/websocket/protocol.go).
 */
export function offeredProtocols(header: string | undefined): OfferedProtocols | undefined {
  const offered = (header ?? '')
    .split(',')
    .map((protocol) => protocol.trim())
    .filter((protocol) => protocol !== '');
  const [encoded, another] = offered.filter((protocol) => protocol.startsWith(prefix));
  const protocols = offered.filter((protocol) => !protocol.startsWith(prefix));
  if (encoded === undefined) return { token: undefined, protocols };
  const token = decoded(encoded.slice(prefix.length));
  return another !== undefined || token === undefined || protocols.length === 0 ? undefined : { token, protocols };
}

function decoded(text: string): string | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  const token = Buffer.from(text, 'base64url').toString('utf8');
  // What is no UTF-8 comes out with a replacement character; no token has one.
  return token.includes('\uFFFD') ? undefined : token;
}
