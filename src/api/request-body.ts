import type { IncomingMessage } from 'node:http';
import { badRequest, entityTooLarge } from '../domain/meta/status-error.ts';
import type { App, Request } from './app.ts';

/** 3 MiB, as kube-apiserver has it (apiserver pkg/server/config.go MaxRequestBodyBytes). */
export const bodyLimit = 3 * 1024 * 1024;

/** Bodies are read whole, but for what is passed on: that goes as it comes. */
export function readBodies(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', async (request: Request, payload: IncomingMessage) =>
    request.info.subpath === undefined ? readWhole(payload) : undefined,
  );
}

async function readWhole(payload: IncomingMessage): Promise<Buffer> {
  const tooLarge = () => entityTooLarge(`Request entity too large: limit is ${bodyLimit}`);
  if (Number(payload.headers['content-length'] ?? 0) > bodyLimit) throw tooLarge();
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    // Left unread, not destroyed, so that whoever answers can read on.
    for await (const piece of payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > bodyLimit) break;
      pieces.push(piece);
    }
  } catch {
    throw badRequest('the body of the request broke off');
  }
  if (length > bodyLimit) throw tooLarge();
  return Buffer.concat(pieces, length);
}
