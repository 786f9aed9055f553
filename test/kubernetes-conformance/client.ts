import type { ApiTestBed, Reply, WatchLine } from '../../src/api/api-test-bed.ts';

export type PatchType = 'json' | 'merge' | 'strategic-merge' | 'apply';

// oxlint-disable-next-line typescript/no-explicit-any -- bodies of every kind
type Body = any;

const mediaTypes: Readonly<Record<PatchType, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  'strategic-merge': 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** An administrator at the API who expects success, and says what came instead. */
export class Client {
  readonly #bed: Pick<ApiTestBed, 'send' | 'stream'>;

  constructor(bed: Pick<ApiTestBed, 'send' | 'stream'>) {
    this.#bed = bed;
  }

  get(path: string, accept?: string): Promise<Body> {
    return this.#succeed('GET', path, undefined, accept === undefined ? {} : { accept });
  }

  create(path: string, object: object): Promise<Body> {
    return this.#succeed('POST', path, object);
  }

  update(path: string, object: object): Promise<Body> {
    return this.#succeed('PUT', path, object);
  }

  patch(path: string, change: object | string, type: PatchType = 'merge'): Promise<Body> {
    return this.#succeed('PATCH', path, change, { 'content-type': mediaTypes[type] });
  }

  remove(path: string, options: object = {}): Promise<Body> {
    return this.#succeed('DELETE', path, options);
  }

  /** Whatever the answer. */
  attempt(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    return this.#bed.send(method, path, { ...(body === undefined ? {} : { body }), headers: { ...type, ...headers } });
  }

  apply(path: string, configuration: object | string): Promise<Reply> {
    return this.attempt('PATCH', path, configuration, { 'content-type': mediaTypes.apply });
  }

  /** What happens to a collection from a version on. */
  async watch(path: string, resourceVersion: string): Promise<Watch> {
    const mark = path.includes('?') ? '&' : '?';
    return new Watch(await this.#bed.stream(`${path}${mark}watch=true&resourceVersion=${resourceVersion}`));
  }

  async #succeed(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Body> {
    const reply = await this.attempt(method, path, body, headers);
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
    return reply.body;
  }
}

/** A stream of events, read as a test needs them. */
export class Watch {
  readonly #lines: AsyncGenerator<WatchLine>;

  constructor(lines: AsyncGenerator<WatchLine>) {
    this.#lines = lines;
  }

  async next(): Promise<{ type: string; object: Body }> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the watch has ended');
    return value;
  }

  async take(count: number): Promise<{ type: string; object: Body }[]> {
    const events = [];
    while (events.length < count) events.push(await this.next());
    return events;
  }

  async until(wanted: (event: { type: string; object: Body }) => boolean): Promise<Body> {
    for (;;) {
      const event = await this.next();
      if (wanted(event)) return event.object;
    }
  }

  async stop(): Promise<void> {
    await this.#lines.return(undefined);
  }
}
