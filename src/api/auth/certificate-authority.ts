import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Clock } from '../../domain/meta/clock.ts';
import { AUTHORITY_YEARS, VALID_FROM, validUntil } from './certificate-lifetime.ts';
import type { PkiFiles } from './pki-files.ts';
import { keyIdentifier, signCertificate, type CertificateFields, type Subject } from './x509.ts';

/** Puts a file on disk so that it is there, whole, after a power cut. */
export type WriteFile = (path: string, content: string, mode: number) => Promise<void>;

export type CertificateRequest = Omit<CertificateFields, 'notBefore' | 'notAfter'> & { years: number };

export type CertificateAuthority = {
  /** PEM. */
  certificate: string;
  x509: X509Certificate;
  /** A certificate in PEM. Reads the key from disk each time, so that it does not stay in memory. */
  issue(request: CertificateRequest): Promise<string>;
};

/**
 * The authority in `ca.crt` and `ca.key`, made on first start. The key is written first and the certificate can be made again
 * from it, so a power cut between the two does no harm. Throws when the key is missing or not the certificate's.
 */
export async function openCertificateAuthority(
  files: Pick<PkiFiles, 'authority' | 'authorityKey'>,
  instance: string,
  clock: Clock,
  write: WriteFile,
): Promise<CertificateAuthority> {
  const { authority: certificateFile, authorityKey: keyFile } = files;
  const kept = await readIfPresent(certificateFile);
  const key = await keptKey(keyFile, kept === undefined ? write : undefined);
  const certificate = kept ?? (await selfSigned(key, instance, clock));
  if (kept === undefined) await write(certificateFile, certificate, 0o644);
  const x509 = new X509Certificate(certificate);
  if (!x509.checkPrivateKey(key)) throw new Error(`${keyFile} is not the key of ${certificateFile}`);
  return {
    certificate,
    x509,
    issue: async ({ years, ...fields }) => {
      const notAfter = new Date(Math.min(validUntil(clock, years).getTime(), x509.validToDate.getTime()));
      const signer = { ...signerOf(await keptKey(keyFile), instance), subject: { commonName: commonNameOf(x509) } };
      return signCertificate({ ...fields, notBefore: VALID_FROM, notAfter }, signer);
    },
  };
}

/** The P-256 private key in the file; without one, a new key is written there, or an error thrown when there is no writer. */
export async function keptKey(file: string, write?: WriteFile): Promise<KeyObject> {
  const kept = await readIfPresent(file);
  if (kept !== undefined) return createPrivateKey(kept);
  if (!write) throw new Error(`${file} is missing; restore it, or remove its folder to start with a new authority`);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await write(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600);
  return privateKey;
}

function selfSigned(key: KeyObject, instance: string, clock: Clock): Promise<string> {
  const signer = signerOf(key, instance);
  const { subject, publicKey } = signer;
  const notAfter = validUntil(clock, AUTHORITY_YEARS);
  return signCertificate({ subject, publicKey, usage: 'authority', notBefore: VALID_FROM, notAfter }, signer);
}

/** The authority may have been made by an instance of another name: a backup takes it to where it is restored. */
const commonNameOf = ({ subject }: X509Certificate): string => /^CN=(.*)$/m.exec(subject)?.[1] ?? '';

/** The key is part of the name, because some TLS libraries find an issuer by its name alone and a new authority must not look like an old one. */
function signerOf(privateKey: KeyObject, instance: string) {
  const publicKey = createPublicKey(privateKey);
  const subject: Subject = { commonName: `${instance}-ca@${keyIdentifier(publicKey).toString('hex', 0, 4)}` };
  return { subject, publicKey, privateKey };
}

export async function readIfPresent(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
