import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { badRequest, entityTooLarge } from '../domain/meta/status-error.ts';
import type { App, Request } from './app.ts';

/** 3 MiB, as kube-apiserver has it (apiserver pkg/server/config.go MaxRequestBodyBytes). */
export const bodyLimit = 3 * 1024 * 1024;

type Payload = Readable & { headers: IncomingHttpHeaders };

/** Bodies are read whole, but for what is passed on: that goes as it comes. */
export function readBodies(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', async (request: Request, payload: Payload) =>
    request.info.subpath === undefined ? readWhole(payload) : undefined,
  );
}

/** Throws 413 beyond the limit. Pieces are not kept: one of a single byte costs 0.5 kB, and a client may send millions. */
export async function readWhole(payload: Payload): Promise<Buffer> {
  const tooLarge = () => entityTooLarge(`Request entity too large: limit is ${bodyLimit}`);
  if (Number(payload.headers['content-length'] ?? 0) > bodyLimit) throw tooLarge();
  let held: Buffer = Buffer.alloc(0);
  let length = 0;
  try {
    // Left unread, not destroyed, so that whoever answers can read on.
    for await (const piece of payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      const before = length;
      length += piece.length;
      if (length > bodyLimit) break;
      held = before === 0 ? piece : appended(held, before, piece);
    }
  } catch {
    throw badRequest('the body of the request broke off');
  }
  if (length > bodyLimit) throw tooLarge();
  return held.subarray(0, length);
}

/** With room for as much again, so that nothing is copied often. */
function appended(held: Buffer, length: number, piece: Buffer): Buffer {
  const needed = length + piece.length;
  const next = needed <= held.length ? held : Buffer.allocUnsafe(Math.min(bodyLimit, Math.max(needed, 2 * length)));
  if (next !== held) held.copy(next, 0, 0, length);
  piece.copy(next, length);
  return next;
}
