import { spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signCertificate, type CertificateFields, type Signer } from './x509.ts';

const keys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

function signer(): Signer {
  const { privateKey } = keys();
  return { subject: { commonName: 'test-ca' }, publicKey: createPublicKey(privateKey), privateKey };
}

const life = { notBefore: new Date(0), notAfter: new Date(Date.UTC(2056, 1, 3, 4, 5, 6)) };

const authorityOf = (by: Signer) => signCertificate({ ...by, ...life, usage: 'authority' }, by);

const leaf = (by: Signer, fields: Partial<CertificateFields>) =>
  signCertificate(
    { ...life, subject: { commonName: 'x' }, publicKey: keys().publicKey, usage: 'server', ...fields },
    by,
  );

test('a certificate says what it was asked to say, and its authority vouches for it', async () => {
  const by = signer();
  const authority = new X509Certificate(await authorityOf(by));
  const addresses = ['192.0.2.7', '::1', 'fd00::2', '2001:db8:0:1::', 'fe80::1:2:3:4'];
  const pem = await leaf(by, {
    subject: { commonName: 'Käthe', organizations: ['a', 'b'] },
    names: ['k2d'],
    addresses,
  });
  const certificate = new X509Certificate(pem);
  expect(certificate.checkIssued(authority) && certificate.verify(authority.publicKey)).toBe(true);
  expect(authority.ca).toBe(true);
  expect(certificate.ca).toBe(false);
  expect(certificate.toLegacyObject().subject).toMatchObject({ CN: 'Käthe', O: ['a', 'b'] });
  expect(certificate.validFromDate).toEqual(life.notBefore);
  expect(certificate.validToDate).toEqual(life.notAfter);
  for (const address of addresses) expect(certificate.checkIP(address), address).toBe(address);
  expect(certificate.checkIP('192.0.2.8')).toBeUndefined();
  expect(certificate.checkHost('k2d')).toBe('k2d');
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
});

test('OpenSSL accepts it under its strictest rules, for its purpose only', async () => {
  const by = signer();
  const folder = mkdtempSync(join(tmpdir(), 'k2d-x509-'));
  const write = (name: string, pem: string) => (writeFileSync(join(folder, name), pem), join(folder, name));
  try {
    const authority = write('ca.crt', await authorityOf(by));
    const server = write('server.crt', await leaf(by, { addresses: ['127.0.0.1'] }));
    const verify = (purpose: string) =>
      spawnSync('openssl', ['verify', '-x509_strict', '-purpose', purpose, '-CAfile', authority, server]);
    const answer = verify('sslserver');
    if (answer.error) return expect(answer.error).toMatchObject({ code: 'ENOENT' }); // a machine without openssl
    expect(answer.stdout.toString()).toBe(`${server}: OK\n`);
    expect(verify('sslclient').status).not.toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
