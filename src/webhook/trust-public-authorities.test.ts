import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

const program = `
  const { getCACertificates } = await import('node:tls');
  const { trustPublicAuthorities } = await import(${JSON.stringify(new URL('trust-public-authorities.ts', import.meta.url))});
  trustPublicAuthorities();
  trustPublicAuthorities();
  process.stdout.write(JSON.stringify(getCACertificates('default')));
`;

const fingerprints = (certificates: readonly string[]): string[] =>
  certificates.map((certificate) => new X509Certificate(certificate).fingerprint256).toSorted();

it('trusts the authorities of Node where the process was started without them', async () => {
  const args = ['--disable-warning=ExperimentalWarning', '--use-openssl-ca', '--input-type=module', '--eval', program];
  const env = { ...process.env, SSL_CERT_FILE: '/dev/null', SSL_CERT_DIR: '/dev/null', NODE_EXTRA_CA_CERTS: '' };
  const { stdout } = await run(process.execPath, args, { env, maxBuffer: 8 * 1024 * 1024, timeout: 60_000 });
  expect(fingerprints(JSON.parse(stdout) as string[])).toEqual(fingerprints(rootCertificates));
}, 90_000);
