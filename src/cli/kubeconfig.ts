import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { readCredential } from '../api/auth/kept-credential.ts';
import { kubeconfigText, serverUrl } from '../api/auth/kubeconfig.ts';
import { pkiFiles } from '../api/auth/pki-files.ts';
import type { Config } from '../config.ts';

/** The name that every server certificate of k2d has, whatever the way to the server. */
const CERTAIN_NAME = 'kubernetes';

/**
 * `k2d kubeconfig [--server HOST]`: the administrator's kubeconfig as text. HOST is how the reader reaches the device; if that is an
 * address behind NAT that the device cannot know, the client is told to check the certificate for another name.
 * Throws when k2d has never been started with this data path.
 */
export async function administratorKubeconfig(config: Config, host?: string): Promise<string> {
  const files = pkiFiles(config.dataPath);
  if (host === undefined) return readFile(config.kubeconfigPath, 'utf8').catch(neverStarted(config));
  const authority = await readFile(files.authority, 'utf8').catch(neverStarted(config));
  const authorityCertificate = new X509Certificate(authority);
  const administrator = await readCredential(files.administrator, authorityCertificate);
  const server = await readCredential(files.server, authorityCertificate);
  if (!administrator || !server) throw new Error(`${files.folder} is not complete; start k2d to make what is missing`);
  return kubeconfigText({
    instance: config.instance,
    server: serverUrl(host, config.port),
    ...(covers(server.x509, host) ? {} : { tlsServerName: CERTAIN_NAME }),
    authority,
    certificate: administrator.certificate,
    key: administrator.key,
  });
}

const covers = (certificate: X509Certificate, host: string): boolean =>
  (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;

const neverStarted = (config: Config) => (cause: unknown) => {
  throw new Error(`no kubeconfig below ${config.dataPath}: has k2d been started with this K2D_DATA_PATH?`, { cause });
};
