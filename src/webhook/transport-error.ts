import { isIPv6 } from 'node:net';

type Place = { host: string; port: number };

/** What Go's client says where Node only has a code: people search for these words, and tests wait for them. */
const texts: Readonly<Record<string, (place: Place, message: string) => string>> = {
  ECONNREFUSED: (place) => `${dial(place)}: connect: connection refused`,
  EHOSTUNREACH: (place) => `${dial(place)}: connect: no route to host`,
  ENETUNREACH: (place) => `${dial(place)}: connect: network is unreachable`,
  ETIMEDOUT: (place) => `${dial(place)}: connect: connection timed out`,
  ENOTFOUND: ({ host }) => `dial tcp: lookup ${host}: no such host`,
  EAI_AGAIN: ({ host }) => `dial tcp: lookup ${host}: temporary failure in name resolution`,
  ECONNRESET: () => 'EOF',
  CERT_HAS_EXPIRED: () => untrusted('certificate has expired or is not yet valid'),
  CERT_NOT_YET_VALID: () => untrusted('certificate has expired or is not yet valid'),
  ERR_TLS_CERT_ALTNAME_INVALID: (_place, message) => untrusted(message.replace(/^[^:]*: /, '')),
};

const dial = ({ host, port }: Place): string => `dial tcp ${isIPv6(host) ? `[${host}]` : host}:${port}`;
const untrusted = (why: string): string => `tls: failed to verify certificate: x509: ${why}`;

const unknownAuthority: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Why a call brought no answer, for the client whose request waited for it. */
export function transportError(error: unknown, signal: AbortSignal, place: Place): string {
  if (signal.aborted) return 'context deadline exceeded';
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (unknownAuthority.has(code)) return untrusted('certificate signed by unknown authority');
  return (Object.hasOwn(texts, code) ? texts[code] : undefined)?.(place, message) ?? message;
}
