import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import type { Clock } from '../../domain/meta/clock.ts';
import type { Logger } from '../../domain/meta/logger.ts';
import {
  readIfPresent,
  type CertificateAuthority,
  type CertificateRequest,
  type WriteFile,
} from './certificate-authority.ts';
import { renewalTime } from './certificate-lifetime.ts';

/** A certificate with its private key, both PEM. */
export type Credential = { certificate: string; key: string; x509: X509Certificate };

export type CredentialOptions = { authority: CertificateAuthority; clock: Clock; write: WriteFile; logger: Logger };

/** What the file holds if it is whole and our authority's; key and certificate are in one file, so they always belong together. */
export async function readCredential(file: string, authority: X509Certificate): Promise<Credential | undefined> {
  const pem = await readIfPresent(file);
  const [certificate] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/.exec(pem ?? '') ?? [];
  const [key] = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n/.exec(pem ?? '') ?? [];
  if (certificate === undefined || key === undefined) return undefined;
  try {
    const x509 = new X509Certificate(certificate);
    const ours = x509.verify(authority.publicKey) && x509.checkPrivateKey(createPrivateKey(key));
    return ours ? { certificate, key, x509 } : undefined;
  } catch {
    return undefined;
  }
}

/** A new key and certificate. A disk that refuses them (full, worn out) is no reason to stop: they serve from memory until the next start. */
export async function issueCredential(
  file: string,
  request: Omit<CertificateRequest, 'publicKey'>,
  { authority, write, logger }: CredentialOptions,
): Promise<Credential> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = await authority.issue({ ...request, publicKey });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const x509 = new X509Certificate(certificate);
  const fields = { file, serialNumber: x509.serialNumber, validUntil: x509.validToDate };
  logger.info(fields, `issued a certificate for ${request.subject.commonName}`);
  await write(file, certificate + key, 0o600).catch((error: Error) => logger.error({ file, error }, 'cannot keep it'));
  return { certificate, key, x509 };
}

export const isDue = ({ x509 }: Credential, years: number, clock: Clock): boolean =>
  clock.now().getTime() >= renewalTime(x509, years);
