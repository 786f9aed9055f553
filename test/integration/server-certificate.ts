import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCertificateAuthority } from '../../src/api/auth/certificate-authority.ts';
import { systemClock } from '../../src/domain/meta/clock.ts';

/** PEM. */
export type ServerCertificate = { authority: string; certificate: string; key: string };

/** A server's certificate for the name, by an authority of its own. */
export async function serverCertificate(name: string): Promise<ServerCertificate> {
  const folder = await mkdtemp(join(tmpdir(), 'k2d-authority-'));
  try {
    const write = (path: string, content: string, mode: number) => writeFile(path, content, { mode });
    const files = { authority: join(folder, 'ca.crt'), authorityKey: join(folder, 'ca.key') };
    const authority = await openCertificateAuthority(files, 'test', systemClock, write);
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const subject = { commonName: name };
    const certificate = await authority.issue({ subject, publicKey, usage: 'server', names: [name], years: 1 });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return { authority: authority.certificate, certificate, key };
  } finally {
    await rm(folder, { recursive: true });
  }
}
