import { badRequest } from '../domain/meta/status-error.ts';

/** Where the next page of a list begins (apiserver pkg/storage/continue.go). Opaque to clients. */
export type ContinueToken = {
  /** The version that all pages show; `latest` when that one is gone and the client goes on nevertheless. */
  version: number | 'latest';
  /** `namespace/name` of the last object already seen. */
  after: string;
};

export const formatContinueToken = ({ version, after }: ContinueToken): string =>
  Buffer.from(
    JSON.stringify({ v: 'meta.k8s.io/v1', rv: version === 'latest' ? -1 : version, start: `${after}\u0000` }),
  ).toString('base64url');

/** Throws 400 for what no server of ours made. */
export function parseContinueToken(text: string): ContinueToken {
  const { v, rv, start } = decoded(text);
  if (v !== 'meta.k8s.io/v1' || !Number.isSafeInteger(rv) || typeof start !== 'string' || !start.endsWith('\u0000')) {
    throw badRequest('continue key is not valid');
  }
  return { version: Number(rv) < 0 ? 'latest' : Number(rv), after: start.slice(0, -1) };
}

function decoded(text: string): { v?: unknown; rv?: unknown; start?: unknown } {
  try {
    return Object(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    throw badRequest('continue key is not valid');
  }
}
