import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';

const mostBytes = 64 * 1024 * 1024;
const longestMs = 5000;

/**
 * Reads on and throws away, so that a client that still sends gets to read its answer: closing a connection with unread data resets it
 * (RFC 9112, 9.6). Whoever sends more or longer than this does without.
 */
export async function drainBody(body: Readable): Promise<void> {
  const enough = new AbortController();
  let read = 0;
  body.on('data', (chunk: Buffer) => {
    read += chunk.length;
    if (read > mostBytes) enough.abort();
  });
  const signal = AbortSignal.any([enough.signal, AbortSignal.timeout(longestMs)]);
  await finished(body, { writable: false, signal }).catch(() => undefined);
}
