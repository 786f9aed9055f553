import type { IncomingMessage } from 'node:http';
import { Agent, get } from 'node:https';
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
    const answer = await this.#ask(path, AbortSignal.timeout(TIMEOUT_MS));
    return { status: answer.statusCode ?? 0, body: await text(answer) };
  }

  /**
   * Resolves once the watch is open; `seen` then resolves to the time (performance.now()) at which the first object came that
   * is `wanted`, and rejects when none comes within 30 s.
   */
  async watch<T>(path: string, wanted: (object: T) => boolean): Promise<{ seen: Promise<number> }> {
    const answer = await this.#ask(path, AbortSignal.timeout(TIMEOUT_MS));
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${await text(answer)}`);
    return { seen: firstSeen(answer, wanted) };
  }

  close(): void {
    this.#agent.destroy();
  }

  #ask(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port: this.#port, path, agent: this.#agent, signal }, resolve).on('error', reject);
    });
  }
}

async function firstSeen<T>(answer: IncomingMessage, wanted: (object: T) => boolean): Promise<number> {
  try {
    for await (const line of createInterface(answer)) {
      const now = performance.now();
      const { object } = JSON.parse(line) as { object: T };
      if (wanted(object)) return now;
    }
    throw new Error('the watch ended before the object came');
  } finally {
    answer.destroy();
  }
}
