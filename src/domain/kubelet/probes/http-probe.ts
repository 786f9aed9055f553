import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import type { Container } from '../../meta/types.ts';
import type { ProbeResult } from './probe-result.ts';

type HttpGet = NonNullable<NonNullable<Container['readinessProbe']>['httpGet']>;

/** 200 to 399 is success; certificates are not checked, as the kubelet does not (pkg/probe/http). */
export function httpProbe(action: HttpGet, port: number, ip: string, signal: AbortSignal): Promise<ProbeResult> {
  const headers = Object.fromEntries((action.httpHeaders ?? []).map(({ name, value }) => [name, value]));
  const options = {
    host: action.host ?? ip,
    port,
    path: action.path ?? '/',
    headers: { 'user-agent': 'kube-probe', connection: 'close', ...headers },
    agent: false as const,
    signal,
  };
  return new Promise((resolve) => {
    const onError = (error: Error) => resolve({ ok: false, message: `Get "http://${ip}:${port}": ${error.message}` });
    const onResponse = (response: { statusCode?: number | undefined; resume(): unknown }) => {
      response.resume();
      const code = response.statusCode ?? 0;
      resolve(
        code >= 200 && code < 400 ? { ok: true } : { ok: false, message: `HTTP probe failed with statuscode: ${code}` },
      );
    };
    const request =
      action.scheme === 'HTTPS'
        ? httpsGet({ ...options, rejectUnauthorized: false }, onResponse)
        : httpGet(options, onResponse);
    request.on('error', onError);
  });
}
