import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';

/**
 * What `request` answers, if it does within `ms` milliseconds; else Unavailable, and the request is told by its signal.
 * The race decides, not the signal: docker-modem settles nothing when the connection breaks in the middle of an answer.
 */
export async function within<T>(ms: number, request: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const given = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new RuntimeError('Unavailable', `Docker did not answer within ${ms / 1000} s`);
      reject(error);
      given.abort(error);
    }, ms);
  });
  try {
    return await Promise.race([request(given.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
