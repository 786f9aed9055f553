import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { openCertificateAuthority } from '../api/auth/certificate-authority.ts';
import { YEAR_MS } from '../api/auth/certificate-lifetime.ts';
import { readCredential } from '../api/auth/kept-credential.ts';
import { kubeconfigText, serverUrl } from '../api/auth/kubeconfig.ts';
import { pkiFiles } from '../api/auth/pki-files.ts';
import type { Config } from '../config.ts';
import { systemClock } from '../domain/meta/clock.ts';

/** The name that every server certificate of k2d has, whatever the way to the server. */
const CERTAIN_NAME = 'kubernetes';

export type NamedUser = { user: string; groups: readonly string[]; lifetimeMs: number };

/**
 * The administrator's kubeconfig as text. `host` is how the reader reaches the device; if that is an address behind NAT that the device
 * cannot know, the client is told to check the certificate for another name. Throws when k2d has never been started with this data path.
 */
export async function administratorKubeconfig(config: Config, host?: string): Promise<string> {
  if (host === undefined) return readFile(config.kubeconfigPath, 'utf8').catch(neverStarted(config));
  const files = pkiFiles(config.dataPath);
  const { text, x509 } = await readAuthority(config);
  const administrator = await readCredential(files.administrator, x509);
  if (!administrator) throw incomplete(files.folder);
  return kubeconfigText({
    instance: config.instance,
    ...(await way(config, x509, host)),
    authority: text,
    certificate: administrator.certificate,
    key: administrator.key,
  });
}

/** A kubeconfig with a new key and a certificate for it, of which nothing is kept. Throws as the administrator's. */
export async function userKubeconfig(
  config: Config,
  { user, groups, lifetimeMs }: NamedUser,
  host?: string,
): Promise<string> {
  const { text, x509 } = await readAuthority(config);
  const refuse = () => Promise.reject(incomplete(pkiFiles(config.dataPath).folder));
  const authority = await openCertificateAuthority(pkiFiles(config.dataPath), config.instance, systemClock, refuse);
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = { commonName: user, organizations: groups };
  const certificate = await authority.issue({ subject, publicKey, usage: 'client', years: lifetimeMs / YEAR_MS });
  return kubeconfigText({
    instance: config.instance,
    user,
    ...(await way(config, x509, host ?? config.advertiseAddress ?? '127.0.0.1')),
    authority: text,
    certificate,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  });
}

async function readAuthority(config: Config) {
  const text = await readFile(pkiFiles(config.dataPath).authority, 'utf8').catch(neverStarted(config));
  return { text, x509: new X509Certificate(text) };
}

async function way({ dataPath, port }: Config, authority: X509Certificate, host: string) {
  const files = pkiFiles(dataPath);
  const server = await readCredential(files.server, authority);
  if (!server) throw incomplete(files.folder);
  return { server: serverUrl(host, port), ...(covers(server.x509, host) ? {} : { tlsServerName: CERTAIN_NAME }) };
}

const incomplete = (folder: string) => new Error(`${folder} is not complete; start k2d to make what is missing`);

const covers = (certificate: X509Certificate, host: string): boolean =>
  (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;

const neverStarted = (config: Config) => (cause: unknown) => {
  throw new Error(`no kubeconfig below ${config.dataPath}: has k2d been started with this K2D_DATA_PATH?`, { cause });
};
