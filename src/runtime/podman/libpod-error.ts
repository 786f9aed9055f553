import { RuntimeError, type RuntimeErrorCode } from '../../domain/container-runtime/runtime-error.ts';

/**
 * Podman 4 answers 500 to nearly everything it refuses (a taken name, a missing image, a volume in use …), so the code is decided by the
 * `cause` of the answer: the text of Go's sentinel errors (podman libpod/define/errors.go), which no user input is part of.
 */
const codeByCause: readonly [RegExp, RuntimeErrorCode][] = [
  [/^no such (container|pod|volume|network|image)$|^image not known$|^network not found$/, 'NotFound'],
  [/^that name is already in use$|^(container|pod|volume|network) already exists$/, 'AlreadyExists'],
  [/^(image|volume|network) is (in use by a container|being used)$|^container state improper$/, 'Conflict'],
  [/already used on the host or by another config$|^bridge name \S+ already in use$/, 'Conflict'],
  [/^IPAM error: requested ip address \S+ is already allocated/, 'AddressInUse'],
  [/^invalid (argument|reference format)|^unknown capability$|^no such file or directory$/, 'InvalidArgument'],
  [/^OCI runtime (attempted to invoke a command that was not found|permission denied)$/, 'InvalidArgument'],
];

/** Why a container of a pod did not start. */
const codeByFailure: readonly [RegExp, RuntimeErrorCode][] = [
  [/IPAM error: requested ip address \S+ is already allocated/, 'AddressInUse'],
  [/address already in use/, 'Conflict'],
];

const codeByStatus: Partial<Record<number, RuntimeErrorCode>> = {
  400: 'InvalidArgument',
  401: 'Unauthorized',
  403: 'Unauthorized',
  404: 'NotFound',
  409: 'Conflict',
};

/** What registries and the way to them say when a pull fails; the pull itself always answers 200. */
const codeByPullFailure: readonly [RegExp, RuntimeErrorCode][] = [
  [/invalid reference format|repository name must be/i, 'InvalidArgument'],
  [/unauthorized|authentication required|access to the resource is denied|invalid username\/password/i, 'Unauthorized'],
  [/manifest unknown|name unknown|repository .*not found|StatusCode: 404|: not found/i, 'NotFound'],
  [/pinging container registry|dial tcp|i\/o timeout|connection re(fused|set)|no such host|EOF$/i, 'Unavailable'],
];

/** The engine's refusal, from an HTTP answer of 400 or more: `{"cause","message","response"}`, for a pod `{"Errs"}`, or plain text. */
export function libpodError(status: number, body: string): RuntimeError {
  const { cause, message, failures } = parseAnswer(body);
  // A pod answers 409 for whatever its containers failed with.
  if (failures) return new RuntimeError(firstMatch(codeByFailure, failures) ?? 'Internal', failures);
  const code = firstMatch(codeByCause, cause) ?? codeByStatus[status] ?? 'Internal';
  return new RuntimeError(code, message || cause || `Podman answered ${status}`);
}

/** `text` is the `error` field of a pull's progress stream. */
export const pullError = (text: string): RuntimeError =>
  new RuntimeError(firstMatch(codeByPullFailure, text) ?? 'Internal', text);

/**
 * The engine did not answer, or stopped in the middle of it. Only the system's error code is kept: an HTTP client's error carries the request with it, and
 * so the credentials of a registry.
 */
export const unavailable = (cause: unknown): RuntimeError =>
  new RuntimeError('Unavailable', `Podman does not answer: ${errorCode(cause)}`);

export const isRuntimeError = (error: unknown, ...codes: readonly RuntimeErrorCode[]): boolean =>
  error instanceof RuntimeError && codes.includes(error.code);

function parseAnswer(body: string): { cause: string; message: string; failures: string } {
  try {
    const { cause, message, Errs } = JSON.parse(body) as { cause?: unknown; message?: unknown; Errs?: unknown };
    return { cause: text(cause), message: text(message), failures: Array.isArray(Errs) ? text(Errs.join('; ')) : '' };
  } catch {
    return { cause: '', message: text(body), failures: '' };
  }
}

/** An engine's words are shown to people: no more than they would read. */
const text = (value: unknown): string => (typeof value === 'string' ? value.trim().slice(0, 2000) : '');

const firstMatch = (table: readonly [RegExp, RuntimeErrorCode][], words: string): RuntimeErrorCode | undefined =>
  table.find(([pattern]) => pattern.test(words))?.[1];

const errorCode = (cause: unknown): string =>
  cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.name) : 'no reason given';
