/**
 * Why an engine refused: a closed set, so that callers decide by code and never read a message.
 * `Unavailable` means the engine did not answer; everything else is the engine's own answer.
 */
export type RuntimeErrorCode =
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  /** An address that was asked for is another container's, or the engine believes so. */
  | 'AddressInUse'
  /** Nothing listens at the port. */
  | 'ConnectionRefused'
  | 'InvalidArgument'
  | 'Unauthorized'
  | 'Unavailable'
  | 'Internal';

export class RuntimeError extends Error {
  override readonly name = 'RuntimeError';
  readonly code: RuntimeErrorCode;

  constructor(code: RuntimeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
