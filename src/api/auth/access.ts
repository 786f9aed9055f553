import type { SecureContextOptions, Server } from 'node:tls';
import type { Clock } from '../../domain/meta/clock.ts';
import type { Logger } from '../../domain/meta/logger.ts';
import { keepKubeconfig } from './administrator.ts';
import { authenticator, type Authenticate } from './authenticate.ts';
import { keptKey, openCertificateAuthority, type WriteFile } from './certificate-authority.ts';
import { ClientCertificates } from './client-certificate.ts';
import { coverConnections } from './covered-connections.ts';
import { JsonWebTokens } from './json-web-token.ts';
import { pkiFiles } from './pki-files.ts';
import { ServerCertificate } from './server-certificate.ts';
import { ServiceAccountTokens } from './service-account-token.ts';
import type { TokenBindings } from './token-bindings.ts';

export type AccessOptions = {
  dataPath: string;
  kubeconfigPath: string;
  instance: string;
  port: number;
  advertiseAddress?: string;
  hostname: string;
  /** The cluster IP of the Service `kubernetes`. */
  serviceAddress: string;
  bindings: TokenBindings;
  clock: Clock;
  write: WriteFile;
  logger: Logger;
};

/** Everything that decides who may come in. */
export type Access = {
  /** PEM: what pods get as ca.crt. */
  authorityCertificate: string;
  /** For `https.createServer`: whoever has no certificate of ours gets in as far as the 401. */
  tls: SecureContextOptions & { requestCert: true; rejectUnauthorized: false };
  /** Keeps the certificate of a server that was made with `tls` good for every address of the host; before it listens. */
  cover(server: Server): void;
  tokens: ServiceAccountTokens;
  authenticate: Authenticate;
};

/** Reads, or on first start makes, the authority and all it issues; keeps the kubeconfig valid until the signal. */
export async function openAccess(options: AccessOptions, signal: AbortSignal): Promise<Access> {
  const { clock, write, logger, instance, hostname, advertiseAddress } = options;
  const files = pkiFiles(options.dataPath);
  const authority = await openCertificateAuthority(files, instance, clock, write);
  const issuing = { authority, clock, write, logger };
  const extraAddresses = [options.serviceAddress, ...(advertiseAddress === undefined ? [] : [advertiseAddress])];
  const server = await ServerCertificate.open({ ...issuing, file: files.server, hostname, extraAddresses });
  const { kubeconfigPath, port } = options;
  const host = advertiseAddress ?? '127.0.0.1';
  await keepKubeconfig({ ...issuing, file: files.administrator, kubeconfigPath, instance, host, port }, signal);
  const tokenKey = await keptKey(files.tokenKey, write);
  const tokens = new ServiceAccountTokens(new JsonWebTokens(tokenKey), options.bindings, clock);
  return {
    authorityCertificate: authority.certificate,
    tls: { ...server.secureContext, requestCert: true, rejectUnauthorized: false },
    cover: (tlsServer) => coverConnections(tlsServer, server),
    tokens,
    authenticate: authenticator(new ClientCertificates(authority.x509, clock), tokens),
  };
}
