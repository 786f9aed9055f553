import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { App } from '../app.ts';
import { offeredProtocols } from './bearer-protocol.ts';

/** A connection that its client wants to use for something else than HTTP, with what it has sent already. */
export type Upgrade = { socket: Duplex; head: Buffer };

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/** Undefined for ordinary requests. Whoever takes it speaks on the socket from then on. */
export function takeUpgrade(request: IncomingMessage): Upgrade | undefined {
  const upgrade = upgrades.get(request);
  upgrades.delete(request);
  return upgrade;
}

/** `carrier` in lower case. */
export const isUpgrade = (request: IncomingMessage, carrier: 'websocket' | 'spdy/3.1'): boolean =>
  upgrades.has(request) && request.headers.upgrade?.toLowerCase() === carrier;

/**
 * Requests to upgrade take the same way as all others: authentication, authorization, routes. Where nobody takes the connection, its client
 * gets an ordinary answer, and the connection ends, since Node no longer reads requests from it.
 */
export function routeUpgrades(app: App): void {
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A connection that breaks is noticed by its end; without a listener it would end the process.
    socket.on('error', () => socket.destroy());
    readProtocols(request);
    upgrades.set(request, { socket, head });
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as unknown as Parameters<ServerResponse['assignSocket']>[0]);
    // As Node ends a connection itself: not even a client that never ends it keeps it.
    response.once('finish', () => (socket as Socket).destroySoon());
    app.routing(request, response);
  });
}

/** A token among the protocols is as good as one in the header; one that is offered wrongly is none. */
function readProtocols({ headers }: IncomingMessage): void {
  const { token, protocols = [] } = offeredProtocols(headers['sec-websocket-protocol']) ?? {};
  if (protocols.length > 0) headers['sec-websocket-protocol'] = protocols.join(', ');
  else delete headers['sec-websocket-protocol'];
  if (token !== undefined) headers.authorization ??= `Bearer ${token}`;
}
