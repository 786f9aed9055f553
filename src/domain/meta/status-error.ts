/** metav1.Status as it goes over the wire (apimachinery pkg/apis/meta/v1/types.go). */
export type Status = {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: { continue?: string };
  status: 'Failure' | 'Success';
  message?: string;
  reason?: StatusReason;
  details?: StatusDetails;
  code?: number;
};

export type StatusReason =
  | 'AlreadyExists'
  | 'BadRequest'
  | 'Conflict'
  | 'Expired'
  | 'Forbidden'
  | 'InternalError'
  | 'Invalid'
  | 'MethodNotAllowed'
  | 'NonZeroExitCode'
  | 'NotAcceptable'
  | 'NotFound'
  | 'RequestEntityTooLarge'
  | 'ServiceUnavailable'
  | 'Timeout'
  | 'TooManyRequests'
  | 'Unauthorized'
  | 'UnsupportedMediaType';

export type StatusDetails = {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
};

export type StatusCause = { reason: string; message: string; field?: string };

/** Names a resource in messages: `deployments.apps`, `pods`. */
export type GroupResource = { group: string; resource: string };

/** A failure that is the client's to read. Only the constructors below make one; only api/server.ts turns it into HTTP. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: Status & { code: number };

  constructor(
    code: number,
    reason: StatusReason | '',
    message: string,
    details?: StatusDetails,
    options?: ErrorOptions & { continue?: string },
  ) {
    super(message, options);
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: options?.continue === undefined ? {} : { continue: options.continue },
      status: 'Failure',
      message,
      ...(reason === '' ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }
}

const qualified = ({ group, resource }: GroupResource): string => (group === '' ? resource : `${resource}.${group}`);

const named = ({ group, resource }: GroupResource, name: string): StatusDetails => ({
  ...(name === '' ? {} : { name }),
  ...(group === '' ? {} : { group }),
  kind: resource,
});

// Texts below: apimachinery pkg/api/errors/errors.go (v1.35).

export const notFound = (resource: GroupResource, name: string) =>
  new StatusError(404, 'NotFound', `${qualified(resource)} "${name}" not found`, named(resource, name));

export const resourceNotFound = () =>
  new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});

export const alreadyExists = (resource: GroupResource, name: string) =>
  new StatusError(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`, named(resource, name));

/** The name is taken until the object is gone (apiserver pkg/registry/generic/registry/store.go). */
export const stillExists = (resource: GroupResource, name: string) =>
  new StatusError(
    409,
    'AlreadyExists',
    `object is being deleted: ${qualified(resource)} "${name}" already exists`,
    named(resource, name),
  );

export const conflict = (resource: GroupResource, name: string, why: string) =>
  new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`,
    named(resource, name),
  );

/** The optimistic lock failed (apiserver pkg/registry/generic/registry/store.go OptimisticLockErrorMsg). */
export const objectModified = (resource: GroupResource, name: string) =>
  conflict(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );

export const badRequest = (message: string) => new StatusError(400, 'BadRequest', message);

export const forbidden = (resource: GroupResource, name: string, why: string, causes?: StatusCause[]) =>
  new StatusError(
    403,
    'Forbidden',
    name === ''
      ? `${qualified(resource)} is forbidden: ${why}`
      : `${qualified(resource)} "${name}" is forbidden: ${why}`,
    { ...named(resource, name), ...(causes === undefined ? {} : { causes }) },
  );

/** `because` follows the sentence as it is. */
export const forbiddenPath = (user: string, verb: string, path: string, because = '') =>
  new StatusError(403, 'Forbidden', `forbidden: User "${user}" cannot ${verb} path "${path}"${because}`, {});

export const unauthorized = () => new StatusError(401, 'Unauthorized', 'Unauthorized');

export const methodNotAllowed = () =>
  new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

export const methodNotSupported = (
  resource: GroupResource,
  verb: string,
  why = `is not supported on resources of kind "${qualified(resource)}"`,
) => new StatusError(405, 'MethodNotAllowed', `${verb} ${why}`, named(resource, ''));

export const notAcceptable = (accepted: readonly string[]) =>
  new StatusError(406, 'NotAcceptable', `only the following media types are accepted: ${accepted.join(', ')}`);

export const unsupportedMediaType = (accepted: readonly string[]) =>
  new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );

export const entityTooLarge = (message: string) => new StatusError(413, 'RequestEntityTooLarge', message);

export const expired = (message: string, continueToken?: string) =>
  new StatusError(410, 'Expired', message, undefined, continueToken === undefined ? {} : { continue: continueToken });

export const tooManyRequests = (message: string, causes: StatusCause[], retryAfterSeconds?: number) =>
  new StatusError(429, 'TooManyRequests', message, {
    causes,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });

/** A watch from a version that the bounded history no longer reaches. */
export const tooOldResourceVersion = (wanted: number, oldest: number) =>
  expired(`too old resource version: ${wanted} (${oldest})`);

/** apiserver pkg/storage/errors.go NewTooLargeResourceVersionError. */
export const tooLargeResourceVersion = (wanted: number, current: number) =>
  new StatusError(504, 'Timeout', `Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });

/** apiserver pkg/endpoints/handlers/finisher/finisher.go */
export const requestTimedOut = () =>
  new StatusError(
    504,
    'Timeout',
    'Timeout: request did not complete within requested timeout - context deadline exceeded',
    {},
  );

export const internalError = (message: string, cause?: unknown) =>
  new StatusError(
    500,
    'InternalError',
    `Internal error occurred: ${message}`,
    { causes: [{ reason: '', message }] },
    { cause },
  );

export const isNotFound = (error: unknown): boolean =>
  error instanceof StatusError && error.status.reason === 'NotFound';
export const isConflict = (error: unknown): boolean =>
  error instanceof StatusError && error.status.reason === 'Conflict';
export const isAlreadyExists = (error: unknown): boolean =>
  error instanceof StatusError && error.status.reason === 'AlreadyExists';

/** For `catch`: what is expected is as good as done, everything else is thrown on. */
export const ignore =
  (isExpected: (error: unknown) => boolean) =>
  (error: unknown): undefined => {
    if (!isExpected(error)) throw error;
    return undefined;
  };
