import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import type { Container } from '../../meta/types.ts';
import type { ProbeResult } from './probe-result.ts';

type HttpGet = NonNullable<NonNullable<Container['readinessProbe']>['httpGet']>;

/** What is read of an answer (kubernetes pkg/probe/http maxRespBodyLength). */
const mostBody = 10 * 1024;
const mostRedirects = 10;

/**
 * 200 to 399 is success; certificates are not checked. Redirects are followed on the same host; one that leads elsewhere ends the check
 * with a warning, so that nobody makes the kubelet ask others (kubernetes pkg/probe/http).
 */
export async function httpProbe(action: HttpGet, port: number, ip: string, signal: AbortSignal): Promise<ProbeResult> {
  const given = Object.fromEntries((action.httpHeaders ?? []).map(({ name, value }) => [name.toLowerCase(), value]));
  const headers = { 'user-agent': 'kube-probe/1.35', accept: '*/*', connection: 'close', ...given };
  let url = firstUrl(action, port, ip);
  try {
    for (let redirects = 0; redirects < mostRedirects; redirects += 1) {
      const answer = await ask(url, headers, signal);
      const next = isRedirect(answer.code) && answer.location !== undefined ? new URL(answer.location, url) : undefined;
      if (!next) return verdict(answer.code);
      if (next.hostname !== url.hostname) {
        return { ok: true, warning: `Probe terminated redirects, Response body: ${answer.body.toString()}` };
      }
      url = next;
    }
    return { ok: false, message: `Get "${url.href}": stopped after ${mostRedirects} redirects` };
  } catch (error) {
    return {
      ok: false,
      message: `Get "${url.href}": ${signal.aborted ? 'deadline exceeded' : (error as Error).message}`,
    };
  }
}

function firstUrl({ scheme, host, path = '/' }: HttpGet, port: number, ip: string): URL {
  const name = host || ip;
  const base = `${(scheme ?? 'HTTP').toLowerCase()}://${name.includes(':') ? `[${name}]` : name}:${port}`;
  return new URL(`${base}${path.startsWith('/') ? '' : '/'}${path}`);
}

const isRedirect = (code: number): boolean => [301, 302, 303, 307, 308].includes(code);

const verdict = (code: number): ProbeResult =>
  code >= 200 && code < 400 ? { ok: true } : { ok: false, message: `HTTP probe failed with statuscode: ${code}` };

type Answer = { code: number; location: string | undefined; body: Buffer };

function ask(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { headers, agent: false as const, signal };
    const answered = (response: IncomingMessage) =>
      void beginningOf(response).then(
        (body) => resolve({ code: response.statusCode ?? 0, location: response.headers.location, body }),
        reject,
      );
    const request =
      url.protocol === 'https:'
        ? httpsGet(url, { ...options, rejectUnauthorized: false }, answered)
        : httpGet(url, options, answered);
    request.on('error', reject);
  });
}

/** The rest is not waited for. */
async function beginningOf(response: IncomingMessage): Promise<Buffer> {
  let body = Buffer.alloc(0);
  for await (const piece of response) {
    body = Buffer.concat([body, piece as Buffer]);
    if (body.length >= mostBody) break;
  }
  return body.subarray(0, mostBody);
}
