import { RuntimeError, type RuntimeErrorCode } from '../../domain/container-runtime/runtime-error.ts';

/** moby's errdefs as HTTP statuses (moby api/server/httpstatus): 403 is a name, address or subnet that something else holds. */
const codeByStatus: Readonly<Record<number, RuntimeErrorCode>> = {
  400: 'InvalidArgument',
  401: 'Unauthorized',
  403: 'Conflict',
  404: 'NotFound',
  409: 'Conflict',
  501: 'InvalidArgument',
  503: 'Unavailable',
};

/** Any failure of a request, as the port names it. A failure without a status is one of the connection. */
export function toRuntimeError(cause: unknown): RuntimeError {
  if (cause instanceof RuntimeError) return cause;
  const status = statusOf(cause);
  if (status === undefined)
    return new RuntimeError('Unavailable', `Docker does not answer: ${messageOf(cause)}`, { cause });
  const message = engineMessage(cause) ?? messageOf(cause);
  return new RuntimeError(codeOf(status, message), message, { cause });
}

/** libnetwork ipamapi ErrIPAlreadyAllocated has no status of its own. */
const codeOf = (status: number, message: string): RuntimeErrorCode =>
  status === 403 && message === 'Address already in use' ? 'AddressInUse' : (codeByStatus[status] ?? 'Internal');

/** For an answer that did not come through docker-modem. */
export function refusedWith({ status, body }: { status: number; body: string }): RuntimeError {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    json = { message: body.slice(0, 2000) };
  }
  return toRuntimeError({ statusCode: status, json });
}

/** Success where the engine says that it is so already (304), which docker-modem takes for a failure. */
export async function orUnchanged(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (cause) {
    if (statusOf(cause) !== 304) throw cause;
  }
}

/** Success where the engine says that the thing is gone already. */
export async function orGone<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (cause) {
    const error = toRuntimeError(cause);
    if (error.code === 'NotFound') return undefined;
    throw error;
  }
}

/** HTTP status of the engine's answer, if there was one: docker-modem puts it on its errors. */
const statusOf = (cause: unknown): number | undefined => property(cause, 'statusCode', 'number');

/** The engine's own words, without what docker-modem puts around them. */
const engineMessage = (cause: unknown): string | undefined => {
  const body = cause instanceof Object && 'json' in cause ? cause.json : undefined;
  return property(body, 'message', 'string');
};

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : 'unknown failure');

function property(value: unknown, key: string, type: 'number'): number | undefined;
function property(value: unknown, key: string, type: 'string'): string | undefined;
function property(value: unknown, key: string, type: 'number' | 'string'): unknown {
  const found: unknown = value instanceof Object ? Reflect.get(value, key) : undefined;
  return typeof found === type ? found : undefined;
}
