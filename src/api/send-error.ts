import type { Logger } from '../domain/meta/logger.ts';
import {
  badRequest,
  entityTooLarge,
  internalError,
  StatusError,
  unsupportedMediaType,
} from '../domain/meta/status-error.ts';
import type { Reply, Request } from './app.ts';
import { bodyMediaTypes } from './codec/decode-body.ts';
import { drainBody } from './drain-body.ts';
import { bodyLimit } from './request-body.ts';

/** The only place where a failure becomes HTTP. What nobody foresaw is a 500 and one line in the log. */
export async function sendError(error: unknown, request: Request, reply: Reply, logger: Logger): Promise<void> {
  const { status } = statusErrorOf(error);
  if (status.code === 500) {
    logger.error({ error, method: request.method, path: request.info?.path ?? '' }, 'a request failed unexpectedly');
  }
  const retryAfter = status.details?.retryAfterSeconds;
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  if (status.code === 413) await drainBody(request.raw);
  if (status.code === 401) reply.header('connection', 'close');
  await reply
    .code(status.code)
    .type('application/json')
    .send(Buffer.from(`${JSON.stringify(status)}\n`));
}

function statusErrorOf(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  if (statusCode === 413) return entityTooLarge(`Request entity too large: limit is ${bodyLimit}`);
  if (statusCode === 415) return unsupportedMediaType(bodyMediaTypes);
  if (statusCode >= 400 && statusCode < 500) return badRequest(message);
  return internalError(message, error);
}
