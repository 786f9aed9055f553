import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { parse } from 'yaml';

const POLL_MS = 200;

/** Asks https://127.0.0.1:port/readyz, as the administrator of the kubeconfig, until it says 200, `crashes` does or `signal` aborts. */
export async function waitUntilReady(
  port: number,
  kubeconfig: string,
  crashes: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<boolean> {
  while (!signal.aborted && !(await crashes())) {
    if (await isReady(port, kubeconfig)) return true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return false;
}

/** False as well while k2d has not written the kubeconfig yet. */
async function isReady(port: number, kubeconfig: string): Promise<boolean> {
  const credentials = await readCredentials(kubeconfig).catch(() => undefined);
  if (!credentials) return false;
  return new Promise((resolve) => {
    const ask = request(
      { host: '127.0.0.1', port, path: '/readyz', timeout: 2000, agent: false, ...credentials },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      },
    );
    ask.on('timeout', () => ask.destroy());
    ask.on('error', () => resolve(false));
    ask.end();
  });
}

interface Kubeconfig {
  readonly clusters: readonly { cluster: { 'certificate-authority-data': string } }[];
  readonly users: readonly { user: { 'client-certificate-data': string; 'client-key-data': string } }[];
}

async function readCredentials(path: string): Promise<{ ca: Buffer; cert: Buffer; key: Buffer }> {
  const { clusters, users } = parse(await readFile(path, 'utf8')) as Kubeconfig;
  const cluster = clusters[0]?.cluster;
  const user = users[0]?.user;
  if (!cluster || !user) throw new Error(`${path} names no cluster or no user`);
  return {
    ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
    cert: Buffer.from(user['client-certificate-data'], 'base64'),
    key: Buffer.from(user['client-key-data'], 'base64'),
  };
}
