import type { IncomingMessage } from 'node:http';
import { badRequest, StatusError } from '../../domain/meta/status-error.ts';
import { isUpgrade } from './upgrades.ts';

/** The protocols that are spoken over each way to take over a connection, by their names; the empty one is for clients that name none. */
export type SpokenProtocols = { webSocket: readonly string[]; spdy: readonly string[] };

export type Wire = { carrier: 'websocket' | 'spdy'; protocol: string };

/** Throws what a client that cannot be served gets to read; to be asked before anything is started for it. */
export function negotiated(request: IncomingMessage, spoken: SpokenProtocols): Wire {
  if (isUpgrade(request, 'websocket')) {
    const offered = namesIn(request.headers['sec-websocket-protocol']);
    return { carrier: 'websocket', protocol: chosen(offered, spoken.webSocket) };
  }
  if (!isUpgrade(request, 'spdy/3.1')) throw badRequest('Upgrade request required');
  const offered = namesIn(request.headers['x-stream-protocol-version']);
  if (offered.length === 0) {
    throw badRequest('unable to upgrade: header X-Stream-Protocol-Version does not exist in request');
  }
  return { carrier: 'spdy', protocol: chosen(offered, spoken.spdy) };
}

/** The client's first that is spoken here (apimachinery pkg/util/httpstream/httpstream.go Handshake). */
function chosen(offered: readonly string[], spoken: readonly string[]): string {
  const protocol = offered.length === 0 ? '' : offered.find((name) => spoken.includes(name));
  if (protocol !== undefined && spoken.includes(protocol)) return protocol;
  const accepted = spoken.filter((name) => name !== '').join(' ');
  throw new StatusError(
    403,
    'Forbidden',
    `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server accepts [${accepted}]`,
  );
}

function namesIn(header: string | string[] | undefined): string[] {
  return String(header ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
