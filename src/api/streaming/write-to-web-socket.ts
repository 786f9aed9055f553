import type { WebSocket } from 'ws';
import type { Reply } from '../app.ts';
import { takeUpgrade } from './upgrades.ts';

/** A client that takes nothing for so long is as good as gone. */
const stallLimit = 60_000;

/** Bytes that may wait for a slow client before its source has to. */
const highWater = 256 * 1024;

/** Milliseconds that a client may take to agree that the connection ends. */
const closeLimit = 500;

/** What clients of streams have to say: nothing. */
const maxPayload = 4096;

/** Pieces as messages: text as text, bytes in binary or, where that protocol was chosen, in base64. What fails cuts the connection. */
export async function writeToWebSocket(
  reply: Reply,
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): Promise<void> {
  reply.hijack();
  const socket = await accepted(reply);
  if (socket === undefined) return;
  try {
    for await (const piece of pieces) {
      if (!(await sent(socket, piece))) return;
    }
    await closed(socket);
  } finally {
    socket.terminate();
  }
}

/** Loaded when somebody first asks: hardly anybody does. Undefined when the client's handshake is none. */
async function accepted(reply: Reply): Promise<WebSocket | undefined> {
  const { WebSocketServer } = await import('ws');
  const upgrade = takeUpgrade(reply.request.raw);
  if (upgrade === undefined) return undefined;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload,
    handleProtocols: ([first]) => first ?? false,
  });
  return new Promise((resolve) => {
    upgrade.socket.once('close', () => resolve(undefined));
    server.handleUpgrade(reply.request.raw, upgrade.socket, upgrade.head, (socket) => {
      // What it says is not asked for; a wrong frame ends the connection, which is noticed as its end.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

/** False when the client has gone or takes nothing any more. */
async function sent(socket: WebSocket, piece: string | Uint8Array): Promise<boolean> {
  const message = typeof piece === 'string' || socket.protocol !== 'base64.binary.k8s.io' ? piece : base64(piece);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  socket.send(message, (error) => resolve(!error));
  if (socket.bufferedAmount < highWater) return socket.readyState === socket.OPEN;
  const timer = setTimeout(() => resolve(false), stallLimit).unref();
  return promise.finally(() => clearTimeout(timer));
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Everything has been said; resolves when the client has agreed, or has had its time. */
async function closed(socket: WebSocket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once('close', () => resolve());
  socket.close(1000);
  const timer = setTimeout(resolve, closeLimit);
  await promise;
  clearTimeout(timer);
}
