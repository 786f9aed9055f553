import { WebSocketServer, type WebSocket } from 'ws';
import type { Reply } from '../app.ts';
import { takeUpgrade } from './upgrades.ts';

export type WebSocketOptions = {
  /** Of one message, in bytes. */
  maxPayload: number;
  /** The one to speak, of those that the client offers, in its order; false is none. */
  choose: (offered: readonly string[]) => string | false;
};

/** Undefined when the client's handshake is none; it has its answer then. */
export async function acceptWebSocket(
  reply: Reply,
  { maxPayload, choose }: WebSocketOptions,
): Promise<WebSocket | undefined> {
  const upgrade = takeUpgrade(reply.request.raw);
  if (upgrade === undefined) return undefined;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload,
    handleProtocols: (offered) => choose([...offered]),
  });
  return new Promise((resolve) => {
    upgrade.socket.once('close', () => resolve(undefined));
    server.handleUpgrade(reply.request.raw, upgrade.socket, upgrade.head, (socket) => {
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
