import { Agent } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import axios, { type AxiosResponse } from 'axios';
import { hijack } from '../wire/hijack.ts';
import { isRuntimeError, libpodError, unavailable } from './libpod-error.ts';

type Target = { method: string; url: string; responseType: 'text' | 'stream' };

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export type LibpodRequest = {
  query?: Query;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** Bounds the time to the whole answer, or to the answer's headers for a stream; 0 is unbounded. Default: one minute. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Some verbs answer with plain text that says nothing. */
  ignoreAnswer?: true;
};

/**
 * Podman's own REST API over its unix socket. Fails with a RuntimeError: Unavailable when the engine does not answer in time, else the engine's
 * refusal. Paths are made with `path`, so that names from outside stay one segment.
 */
export type LibpodClient = {
  get<T>(path: string, request?: LibpodRequest): Promise<T>;
  /** Undefined when the engine knows no such object. */
  find<T>(path: string): Promise<T | undefined>;
  post<T>(path: string, request?: LibpodRequest): Promise<T>;
  /** Undefined when there was nothing to delete. */
  delete<T>(path: string, request?: LibpodRequest): Promise<T | undefined>;
  /** The body as it comes; ends with an error when the signal fires or the engine goes away. */
  stream(method: 'GET' | 'POST', path: string, request: LibpodRequest): Promise<AsyncIterable<Buffer>>;
  /** A request whose connection becomes the streams of a process, until the signal. */
  hijack(path: string, request: { query?: Query; body?: object }, signal: AbortSignal): Promise<Socket>;
};

const defaultTimeoutMs = 60_000;
/** Some thousand containers in one list; more would not fit the devices this is for. */
const maxAnswerBytes = 32 * 1024 * 1024;

/** Podman does not look at the version, but refuses a path without one; 4.0.0 is the oldest that has all we call. */
const basePath = '/v4.0.0/libpod';

export function libpodClient(socketPath: string): LibpodClient {
  const http = axios.create({
    baseURL: `http://d${basePath}`,
    socketPath,
    adapter: 'http',
    // One connection a request: a kept one would fail the next request after the engine's restart.
    httpAgent: new Agent({ keepAlive: false }),
    proxy: false,
    maxRedirects: 0,
    decompress: false,
    validateStatus: () => true,
    transformResponse: [(data: unknown) => data],
  });

  const send = async (target: Target, request: LibpodRequest): Promise<AxiosResponse> => {
    const { query, body, headers, timeoutMs = defaultTimeoutMs, signal } = request;
    try {
      return await http.request({
        ...target,
        maxContentLength: target.responseType === 'stream' ? -1 : maxAnswerBytes,
        params: new URLSearchParams(entriesOf(query)),
        timeout: timeoutMs,
        ...(body !== undefined && { data: body }),
        headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
        ...(signal && { signal }),
      });
    } catch (cause) {
      throw unavailable(cause);
    }
  };

  const call = async <T>(method: string, url: string, request: LibpodRequest = {}): Promise<T> => {
    const { status, data } = await send({ method, url, responseType: 'text' }, request);
    if (status >= 400) throw libpodError(status, String(data));
    return parse<T>(request.ignoreAnswer ? '' : String(data));
  };

  const unlessGone = async <T>(answer: Promise<T>): Promise<T | undefined> => {
    try {
      return await answer;
    } catch (error) {
      if (isRuntimeError(error, 'NotFound')) return undefined;
      throw error;
    }
  };

  return {
    get: (url, request) => call('GET', url, request),
    find: (url) => unlessGone(call('GET', url)),
    post: (url, request) => call('POST', url, request),
    delete: (url, request) => unlessGone(call('DELETE', url, request)),
    async stream(method, url, request) {
      const response = await send({ method, url, responseType: 'stream' }, request);
      const body = chunks(response.data as Readable);
      if (response.status >= 400) throw libpodError(response.status, await beginningOf(body));
      return body;
    },
    async hijack(url, { query, body }, signal) {
      const target = `${basePath}${url}?${new URLSearchParams(entriesOf(query)).toString()}`;
      const wanted = { socketPath, path: target, body, timeoutMs: defaultTimeoutMs };
      const answer = await hijack(wanted, signal).catch((cause: unknown) => Promise.reject(unavailable(cause)));
      if (answer.kind === 'refused') throw libpodError(answer.status, answer.body);
      return answer.socket;
    },
  };
}

/** Template tag: every value becomes one path segment, whatever is in it. */
export const path = (parts: TemplateStringsArray, ...values: readonly string[]): string =>
  String.raw({ raw: parts }, ...values.map(encodeURIComponent));

/** Libpod's filters: a JSON object of lists. Several labels must all match. */
export const labelFilter = (labels: Readonly<Record<string, string>>): Query => {
  const label = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return label.length === 0 ? {} : { filters: JSON.stringify({ label }) };
};

const entriesOf = (query: Query = {}): [string, string][] =>
  Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));

/** Some verbs answer with nothing. */
function parse<T>(body: string): T {
  try {
    return (body === '' ? undefined : JSON.parse(body)) as T;
  } catch {
    throw libpodError(502, `Podman's answer is not JSON: ${body.slice(0, 200)}`);
  }
}

async function* chunks(body: Readable): AsyncIterable<Buffer> {
  try {
    yield* body as AsyncIterable<Buffer>;
  } catch (cause) {
    throw unavailable(cause);
  }
}

async function beginningOf(body: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of body) {
    text += chunk.toString();
    if (text.length > 64 * 1024) break;
  }
  return text;
}
