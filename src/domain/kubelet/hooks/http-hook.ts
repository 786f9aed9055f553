import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import type { Container } from '../../meta/types.ts';

type HttpGet = NonNullable<NonNullable<NonNullable<Container['lifecycle']>['preStop']>['httpGet']>;

/** Any answer is success, whatever it says; certificates are not checked (kubernetes pkg/kubelet/lifecycle/handlers.go runHTTPHandler). */
export function httpHook(action: HttpGet, port: number, ip: string, signal: AbortSignal): Promise<void> {
  const headers = Object.fromEntries((action.httpHeaders ?? []).map(({ name, value }) => [name, value]));
  const options = {
    host: action.host || ip,
    port,
    path: action.path || '/',
    headers: { 'user-agent': 'kube-lifecycle', connection: 'close', ...headers },
    agent: false as const,
    signal,
  };
  return new Promise((resolve, reject) => {
    const taken = (answer: { destroy(): unknown }) => {
      answer.destroy();
      resolve();
    };
    const request =
      action.scheme === 'HTTPS' ? httpsGet({ ...options, rejectUnauthorized: false }, taken) : httpGet(options, taken);
    request.on('error', reject);
  });
}
