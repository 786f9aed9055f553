import { once } from 'node:events';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Reply } from './app.ts';
import { stallLimit } from './stall-limit.ts';

/** Sends the headers at once, for some clients wait for them though nothing is due, then the pieces. */
export async function writeStream(
  reply: Reply,
  contentType: string,
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): Promise<void> {
  reply.hijack();
  const response = reply.raw;
  response.writeHead(200, { ...(reply.getHeaders() as OutgoingHttpHeaders), 'content-type': contentType });
  return writePieces(response, pieces);
}

/**
 * After the head, as they come and as fast as the client takes them. Pieces that come together go out together. What fails cuts the connection,
 * so that the client does not take what it has for the whole.
 */
export async function writePieces(
  response: ServerResponse,
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
): Promise<void> {
  response.flushHeaders();
  try {
    for await (const piece of pieces) {
      corkUntilNextTick(response);
      if (!response.write(piece) && !(await drained(response))) return;
    }
    response.end();
  } finally {
    if (!response.writableEnded) response.destroy();
  }
}

/** The socket, not the response: Node 22 sends a corked response's last chunk before the ones that wait. */
function corkUntilNextTick({ socket }: ServerResponse): void {
  if (socket === null || socket.writableCorked > 0) return;
  socket.cork();
  process.nextTick(() => socket.uncork());
}

/** False when the client goes or stalls instead. */
async function drained(response: ServerResponse): Promise<boolean> {
  if (response.destroyed) return false;
  const gone = new AbortController();
  const abort = () => gone.abort();
  const timer = setTimeout(abort, stallLimit).unref();
  response.once('close', abort);
  try {
    await once(response, 'drain', { signal: gone.signal });
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    response.off('close', abort);
  }
}
