import { WebSocketServer, type WebSocket } from 'ws';
import type { Reply } from '../app.ts';
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

/** Undefined when the client's handshake is none; it has its answer then. */
export async function acceptWebSocket(
  reply: Reply,
  { maxPayload, protocol }: WebSocketOptions,
): Promise<WebSocket | undefined> {
  const request = reply.request.raw;
  const upgrade = takeUpgrade(request);
  if (upgrade === undefined) return undefined;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload,
    handleProtocols: (offered) => (typeof protocol === 'string' ? false : protocol([...offered])),
  });
  if (typeof protocol === 'string') {
    delete request.headers['sec-websocket-protocol'];
    server.on('headers', (headers) => headers.push(`Sec-WebSocket-Protocol: ${protocol}`));
  }
  return new Promise((resolve) => {
    upgrade.socket.once('close', () => resolve(undefined));
    server.handleUpgrade(request, upgrade.socket, upgrade.head, (socket) => {
      // A wrong frame ends the connection, which is noticed as its end.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

/** Milliseconds that a client may take to agree that the connection ends. */
const closeLimit = 500;

/** Everything has been said; resolves when the client has agreed, or has had its time. */
export async function closeWebSocket(socket: WebSocket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once('close', () => resolve());
  socket.close(1000);
  const timer = setTimeout(resolve, closeLimit);
  await promise;
  clearTimeout(timer);
}
