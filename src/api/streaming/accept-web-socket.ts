import type { Socket } from 'node:net';
import { type ServerOptions, WebSocketServer, type WebSocket } from 'ws';
import type { Reply } from '../app.ts';
import { unlessStalled } from './unless-stalled.ts';
import { takeUpgrade } from './upgrades.ts';

export type WebSocketOptions = {
  /** Of one message, in bytes. */
  maxPayload: number;
  /**
   * The one to speak, of those that the client offers, in its order; false is none. Or a name that has been chosen already, for ws refuses names
   * with a slash, which RFC 6455 does not allow and Kubernetes uses.
   */
  protocol: string | ((offered: readonly string[]) => string | false);
};

/** Milliseconds from the one side's last word to the end, however much is still on its way: ws does not see whether it moves. */
const closeLimit = 3_600_000;

/** What each one is spoken over. */
const connections = new WeakMap<WebSocket, Socket>();

/** Undefined when the client's handshake is none; it has its answer then. */
export async function acceptWebSocket(
  reply: Reply,
  { maxPayload, protocol }: WebSocketOptions,
): Promise<WebSocket | undefined> {
  const request = reply.request.raw;
  const upgrade = takeUpgrade(request);
  if (upgrade === undefined) return undefined;
  const options: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload,
    closeTimeout: closeLimit,
    handleProtocols: (offered) => (typeof protocol === 'string' ? false : protocol([...offered])),
  };
  const server = new WebSocketServer(options);
  if (typeof protocol === 'string') {
    delete request.headers['sec-websocket-protocol'];
    server.on('headers', (headers) => headers.push(`Sec-WebSocket-Protocol: ${protocol}`));
  }
  return new Promise((resolve) => {
    upgrade.socket.once('close', () => resolve(undefined));
    server.handleUpgrade(request, upgrade.socket, upgrade.head, (socket) => {
      // A wrong frame ends the connection, which is noticed as its end.
      socket.on('error', () => undefined);
      connections.set(socket, upgrade.socket as Socket);
      resolve(socket);
    });
  });
}

/** Everything has been said; resolves when the client has it all and agrees, or has stalled: over a slow line the rest is on its way for long. */
export async function closeWebSocket(socket: WebSocket, limit?: number): Promise<void> {
  const connection = connections.get(socket);
  if (connection === undefined || socket.readyState === socket.CLOSED) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once('close', () => resolve());
  socket.close(1000);
  await unlessStalled(connection, promise, limit);
}
