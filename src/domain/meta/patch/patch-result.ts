export type PatchResult =
  /** `object` may share unchanged parts with what was patched; neither that nor the patch is changed. */
  | { readonly kind: 'patched'; readonly object: unknown }
  /**
   * `code` is what the API server answers: BadRequest (400) for something that is no patch, Invalid (422) for a patch that does not fit the
   * object, RequestEntityTooLarge (413) for one that asks for too much.
   */
  | { readonly kind: 'invalid'; readonly code: PatchErrorCode; readonly message: string };

export type PatchErrorCode = 'BadRequest' | 'Invalid' | 'RequestEntityTooLarge';

/** Ends the application of a patch from anywhere inside it; never leaves this folder. */
export class PatchError extends Error {
  readonly code: PatchErrorCode;
  constructor(code: PatchErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Turns the PatchError that ends an application into its result. */
export function patchResult(apply: () => unknown): PatchResult {
  try {
    return { kind: 'patched', object: apply() };
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    return { kind: 'invalid', code: error.code, message: error.message };
  }
}
