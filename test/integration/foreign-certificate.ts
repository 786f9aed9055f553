import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CertificateRequest, openCertificateAuthority } from '../../src/api/auth/certificate-authority.ts';
import { systemClock } from '../../src/domain/meta/clock.ts';

/** PEM. */
export type ForeignCertificate = { authority: string; cert: string; key: string };

/** A certificate by an authority that is made for it, which k2d does not know. */
export async function foreignCertificate(
  request: Pick<CertificateRequest, 'subject' | 'usage' | 'names'>,
): Promise<ForeignCertificate> {
  const folder = await mkdtemp(join(tmpdir(), 'k2d-foreign-'));
  try {
    const write = (path: string, content: string, mode: number) => writeFile(path, content, { mode });
    const files = { authority: join(folder, 'ca.crt'), authorityKey: join(folder, 'ca.key') };
    const authority = await openCertificateAuthority(files, 'k2d', systemClock, write);
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const cert = await authority.issue({ ...request, publicKey, years: 1 });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return { authority: authority.certificate, cert, key };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** For a server of the name. */
export const foreignServerCertificate = (name: string): Promise<ForeignCertificate> =>
  foreignCertificate({ subject: { commonName: name }, usage: 'server', names: [name] });
