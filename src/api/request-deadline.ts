import { parseDuration } from '../domain/meta/cel/time-text.ts';
import { badRequest, requestTimedOut } from '../domain/meta/status-error.ts';
import type { RequestInfo } from './request-info.ts';

/** Kubernetes answers nothing later than that, whatever the client grants. */
const longest = 60_000;

const longRunning = new Set(['attach', 'exec', 'log', 'portforward', 'proxy']);

/**
 * Milliseconds that the client grants its request; undefined where it says nothing, or more than Kubernetes would, and for requests that
 * last as long as the client likes (apiserver pkg/endpoints/filters/request_deadline.go). Throws 400.
 */
export function requestTimeout({ verb, subresource }: RequestInfo, query: URLSearchParams): number | undefined {
  const text = query.get('timeout') ?? '';
  if (text === '' || verb === 'watch' || longRunning.has(subresource)) return undefined;
  const milliseconds = Number(readNanos(text)) / 1e6;
  return milliseconds > 0 && milliseconds < longest ? milliseconds : undefined;
}

function readNanos(text: string): bigint {
  try {
    return parseDuration(text).nanos;
  } catch (error) {
    throw badRequest(`invalid timeout specified in the request URL - ${(error as Error).message}`);
  }
}

/** Throws 504 when the work takes longer. It goes on all the same: whoever writes does not know then whether it was written. */
export async function withinTimeout<R>(milliseconds: number | undefined, work: Promise<R>): Promise<R> {
  if (milliseconds === undefined) return work;
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(requestTimedOut()), milliseconds);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
