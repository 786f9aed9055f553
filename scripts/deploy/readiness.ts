import { request } from 'node:https';
import { adminCredentials } from './admin-credentials.ts';

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
  const credentials = await adminCredentials(kubeconfig).catch(() => undefined);
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
