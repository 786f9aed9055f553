import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { UserInfo } from '../../domain/meta/user-info.ts';
import type { ClientCertificates } from './client-certificate.ts';
import type { ServiceAccountTokens } from './service-account-token.ts';

export type Credentials = { peerCertificate?: X509Certificate | undefined; authorizationHeader?: string | undefined };

/** Who sent the request; undefined is 401, for nobody is anonymous here. */
export type Authenticate = (credentials: Credentials) => UserInfo | undefined;

/** In Kubernetes' order, the first that succeeds: a foreign certificate does not spoil a good token (apiserver pkg/authentication/request/union). */
export const authenticator =
  (certificates: ClientCertificates, tokens: ServiceAccountTokens): Authenticate =>
  ({ peerCertificate, authorizationHeader }) => {
    const token = bearerToken(authorizationHeader);
    return (
      (peerCertificate && certificates.verify(peerCertificate)) ??
      (token === undefined ? undefined : tokens.verify(token)?.user)
    );
  };

/** The scheme has no case; what follows the token is ignored (apiserver pkg/authentication/request/bearertoken). */
function bearerToken(header: string | undefined): string | undefined {
  const [scheme, token] = header?.trim().split(' ') ?? [];
  return scheme?.toLowerCase() === 'bearer' ? token : undefined;
}

const certificateOf = new WeakMap<TLSSocket, X509Certificate | undefined>();

/** The client's certificate, unverified; the same object for all requests of a connection. */
export function peerCertificate(socket: TLSSocket): X509Certificate | undefined {
  if (!certificateOf.has(socket)) certificateOf.set(socket, socket.getPeerX509Certificate());
  return certificateOf.get(socket);
}
