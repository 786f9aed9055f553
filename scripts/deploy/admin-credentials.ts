import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

/** What a TLS client of k2d needs, as PEM. */
export interface AdminCredentials {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

interface Kubeconfig {
  readonly clusters: readonly { cluster: { 'certificate-authority-data': string } }[];
  readonly users: readonly { user: { 'client-certificate-data': string; 'client-key-data': string } }[];
}

/** From the kubeconfig that k2d writes; rejects while there is none. */
export async function adminCredentials(kubeconfigPath: string): Promise<AdminCredentials> {
  const { clusters, users } = parse(await readFile(kubeconfigPath, 'utf8')) as Kubeconfig;
  const cluster = clusters[0]?.cluster;
  const user = users[0]?.user;
  if (!cluster || !user) throw new Error(`${kubeconfigPath} names no cluster or no user`);
  return {
    ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
    cert: Buffer.from(user['client-certificate-data'], 'base64'),
    key: Buffer.from(user['client-key-data'], 'base64'),
  };
}
