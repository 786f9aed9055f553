import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { adminCredentials } from '../scripts/deploy/admin-credentials.ts';

const TIMEOUT_MS = 30_000;

/** The API as its administrator sees it, over connections that are kept: what is timed is the answer, not the handshake. */
export class ApiClient {
  readonly #agent: Agent;
  readonly #port: number;

  private constructor(agent: Agent, port: number) {
    this.#agent = agent;
    this.#port = port;
  }

  static async connect({ port, kubeconfigPath }: { port: number; kubeconfigPath: string }): Promise<ApiClient> {
    return new ApiClient(new Agent({ keepAlive: true, ...(await adminCredentials(kubeconfigPath)) }), port);
  }

  /** Rejects when nothing answers within 30 s. */
  async get(path: string): Promise<{ status: number; body: string }> {
    const answer = await this.#ask('GET', path, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { status: answer.statusCode ?? 0, body: await text(answer) };
  }

  /** What the API made of the object. Rejects when it refuses it. */
  async create<T>(path: string, object: object): Promise<T> {
    return (await this.#write('POST', path, object, 'application/json')) as T;
  }

  /** Merges the fields into the object. */
  async patch<T>(path: string, fields: object): Promise<T> {
    return (await this.#write('PATCH', path, fields, 'application/merge-patch+json')) as T;
  }

  /**
   * Resolves once the watch is open; `seen` then resolves to the time (performance.now()) at which the first object came that
   * is `wanted`, and rejects when none comes within `withinMs`.
   */
  async watch<T>(
    path: string,
    wanted: (object: T) => boolean,
    withinMs = TIMEOUT_MS,
  ): Promise<{ seen: Promise<number> }> {
    const objects = await this.follow<T>(path, AbortSignal.timeout(withinMs));
    const seen = firstSeen(objects, wanted).finally(() => void objects.return());
    return { seen };
  }

  /** Resolves once the watch is open: its objects as they come. It ends when the iteration is left. */
  async follow<T>(path: string, signal: AbortSignal): Promise<AsyncGenerator<T, void, undefined>> {
    const answer = await this.#ask('GET', path, { signal });
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${await text(answer)}`);
    return objectsOf<T>(answer);
  }

  close(): void {
    this.#agent.destroy();
  }

  async #write(method: string, path: string, body: object, type: string): Promise<unknown> {
    const options = { signal: AbortSignal.timeout(TIMEOUT_MS), headers: { 'content-type': type } };
    const answer = await this.#ask(method, path, options, JSON.stringify(body));
    const words = await text(answer);
    if ((answer.statusCode ?? 0) >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${words}`);
    return JSON.parse(words);
  }

  #ask(
    method: string,
    path: string,
    options: { signal: AbortSignal; headers?: Record<string, string> },
    body?: string,
  ): Promise<IncomingMessage> {
    const connection = { host: '127.0.0.1', port: this.#port, agent: this.#agent };
    return new Promise((resolve, reject) => {
      request({ ...connection, method, path, ...options }, resolve)
        .on('error', reject)
        .end(body);
    });
  }
}

/** The time at which the first object came that is wanted. The iteration can go on after it. */
export async function firstSeen<T>(objects: AsyncIterator<T>, wanted: (object: T) => boolean): Promise<number> {
  for (;;) {
    const { done, value } = await objects.next();
    if (done) throw new Error('the watch ended before the object came');
    if (wanted(value)) return performance.now();
  }
}

async function* objectsOf<T>(answer: IncomingMessage): AsyncGenerator<T, void, undefined> {
  try {
    for await (const line of createInterface(answer)) yield (JSON.parse(line) as { object: T }).object;
  } finally {
    answer.destroy();
  }
}
