import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';

export type ApiRequest = {
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
  /** PEM. Without a certificate the client has none. */
  cert?: string | Buffer;
  key?: string | Buffer;
};

export type ApiAnswer = { status: number; headers: IncomingMessage['headers']; text: string };

/** One request on a connection of its own, as no well-behaved client would make it. Does not look at who answers. */
export function apiRequest(url: string, path: string, { body, ...options }: ApiRequest = {}): Promise<ApiAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const ask = request({ hostname, port, path, agent: false, rejectUnauthorized: false, timeout: 30_000, ...options });
    ask.on('response', (answer) => {
      const { statusCode: status = 0, headers } = answer;
      text(answer).then((words) => resolve({ status, headers, text: words }), reject);
    });
    ask.on('timeout', () => ask.destroy(new Error(`no answer to ${path}`)));
    ask.on('error', reject);
    ask.end(body);
  });
}
