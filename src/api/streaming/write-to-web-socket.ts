import type { WebSocket } from 'ws';
import type { Reply } from '../app.ts';
import { stallLimit } from '../stall-limit.ts';

/** Bytes that may wait for a slow client before its source has to. */
const highWater = 256 * 1024;

/** What clients of streams have to say: nothing. */
const maxPayload = 4096;

/** Pieces as messages: text as text, bytes in binary or, where that protocol was chosen, in base64. What fails cuts the connection. */
export async function writeToWebSocket(
  reply: Reply,
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): Promise<void> {
  reply.hijack();
  // Loaded when somebody first asks: hardly anybody does.
  const { acceptWebSocket, closeWebSocket } = await import('./accept-web-socket.ts');
  const socket = await acceptWebSocket(reply, { maxPayload, protocol: ([first]) => first ?? false });
  if (socket === undefined) return;
  try {
    for await (const piece of pieces) {
      if (!(await sent(socket, piece))) return;
    }
    await closeWebSocket(socket);
  } finally {
    socket.terminate();
  }
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
