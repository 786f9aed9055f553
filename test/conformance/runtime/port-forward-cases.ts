import { once } from 'node:events';
import { createHash, randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect } from 'vitest';
import type { RuntimeBed } from './runtime-bed.ts';

const megabyte = 1024 * 1024;
const port = 8080;

/** Connections to what listens inside a container's network, at addresses that nobody outside reaches. */
export function portForwardCases(bed: RuntimeBed): void {
  const { test, runtime, spec, sandboxSpec, start, eventually, address, name, image, engineCli } = bed;
  const { containers, sandboxes } = { containers: () => runtime().containers, sandboxes: () => runtime().sandboxes };
  /** One process of `command` for each connection. */
  const serving = (command: string) => `exec nc -ll -p ${port} -e ${command}`;
  const connect = (id: string, signal = AbortSignal.timeout(60_000)) => sandboxes().portForward(id, port, signal);
  /** As soon as the server listens. */
  const connected = (id: string): Promise<Duplex> =>
    eventually('somebody listens', () => connect(id).catch(unlessRefused));
  const echo = async (id: string): Promise<string> => {
    const connection = await connected(id);
    connection.end('hello');
    return text(connection);
  };

  test('there and back', async () => {
    expect(await echo(await start(spec(serving('cat'))))).toBe('hello');
  });

  for (const at of ['127.0.0.1', '[::1]', '[::]']) {
    test(`reaches ${at}`, async () => {
      const withIpv6 = bed.own({ sysctls: { 'net.ipv6.conf.lo.disable_ipv6': '0' } });
      const id = await start(spec(`echo found >/index.html; exec httpd -f -p ${at}:${port} -h /`, withIpv6));
      const connection = await connected(id);
      connection.write('GET / HTTP/1.0\r\n\r\n');
      expect(await text(connection)).toContain('found');
    });
  }

  test('reaches every member of a sandbox through any of them', async () => {
    const id = await sandboxes().run(sandboxSpec({ network: address(50) }));
    const sandbox = { kind: 'member', id } as const;
    await start(spec(serving('cat'), { sandbox }));
    const other = await start(spec('exec sleep 600', { sandbox }));
    expect(await echo(other)).toBe('hello');
    expect(await sandboxes().status(id)).toMatchObject({ state: 'ready' });
    await sandboxes().stop(id, 1);
    await sandboxes().remove(id);
    expect((await containers().list()).filter(({ sandboxId }) => sandboxId === id)).toEqual([]);
  });

  test('reaches a container that somebody else made', async () => {
    const foreign = name('foreign');
    await engineCli('run', '--detach', '--name', foreign, image, 'nc', '-ll', '-p', String(port), '-e', 'cat');
    const { id } = (await containers().status(foreign)) ?? { id: '' };
    try {
      expect(await echo(id)).toBe('hello');
    } finally {
      await containers().remove(id);
    }
  });

  test('the answer to an input that has ended', async () => {
    const id = await start(spec(serving('sha256sum')));
    const bytes = randomBytes(5 * megabyte);
    const connection = await connected(id);
    connection.end(bytes);
    expect(await text(connection)).toContain(createHash('sha256').update(bytes).digest('hex'));
  });

  test('a server that ends first ends the connection', async () => {
    const id = await start(spec(serving('echo bye')));
    const connection = await connected(id);
    const closed = new Promise((resolve) => connection.once('close', resolve));
    expect(await text(connection)).toBe('bye\n');
    await closed;
    expect(connection.destroyed).toBe(true);
  });

  test('whoever does not read makes the server wait', async () => {
    const id = await start(spec(serving('sh -c "dd if=/dev/zero bs=65536 count=1600 2>/dev/null && touch /written"')));
    const connection = await connected(id);
    const session = await containers().exec(
      id,
      { command: ['sh', '-c', 'sleep 2; test -e /written'], tty: false, stdin: false },
      AbortSignal.timeout(60_000),
    );
    for await (const _ of session.output);
    expect(await session.exitCode()).toBe(1);
    let received = 0;
    for await (const data of connection) received += (data as Buffer).length;
    expect(received).toBe(1600 * 65_536);
  });

  test('twenty connections at once, each with its own 2 MB both ways', async () => {
    const id = await start(spec(serving('cat')));
    const connections: Duplex[] = [];
    // One after the other, for nc queues a few connections only.
    for (let index = 0; index < 20; index += 1) {
      const connection = await connected(id);
      connection.write('x');
      expect(String((await once(connection, 'data'))[0])).toBe('x');
      connections.push(connection.pause());
    }
    const transfer = async (connection: Duplex) => {
      const sent = randomBytes(2 * megabyte);
      const hash = createHash('sha256');
      const read = pipeline(connection, hash);
      connection.end(sent);
      await read;
      return hash.digest('hex') === createHash('sha256').update(sent).digest('hex');
    };
    expect(await Promise.all(connections.map(transfer))).toEqual(connections.map(() => true));
  });

  test('nobody listens', async () => {
    const id = await start(spec('exec sleep 600'));
    await expect(connect(id)).rejects.toMatchObject({ name: 'RuntimeError', code: 'ConnectionRefused' });
  });

  test('a container that does not run refuses, one that is gone is not found', async () => {
    const id = await containers().create(spec('true'));
    await expect(connect(id)).rejects.toMatchObject({ name: 'RuntimeError', code: 'Conflict' });
    await containers().remove(id);
    await expect(connect(id)).rejects.toMatchObject({ name: 'RuntimeError', code: 'NotFound' });
    await expect(connect('../x')).rejects.toMatchObject({ name: 'RuntimeError', code: 'NotFound' });
  });

  test('the signal ends the connection, quietly', async () => {
    const id = await start(spec(serving('cat')));
    (await connected(id)).destroy();
    const abort = new AbortController();
    const connection = await connect(id, abort.signal);
    const closed = new Promise((resolve) => connection.once('close', resolve));
    abort.abort();
    await closed;
    expect(connection.errored).toBe(null);
  });

  test('a container that was started again is reached where it is now, and the connection to its former run has ended', async () => {
    const id = await start(spec(serving('cat'), bed.own({ network: address(51) })));
    const before = await connected(id);
    const ended = new Promise((resolve) => before.once('close', resolve));
    before.on('error', () => undefined).resume();
    await containers().restart(id, 0);
    await ended;
    expect(await echo(id)).toBe('hello');
  });

  test('is nobody’s workload, and leaves nothing behind', async () => {
    const id = await start(spec(serving('cat')));
    const connection = await connected(id);
    const relays = async () => (await containers().list()).filter((found) => 'k2d.io/relay' in found.labels);
    const [relay] = (await relays()).filter(({ sandboxId }) => sandboxId === id || sandboxId === undefined);
    expect(relay).toMatchObject({ isSandbox: true });
    connection.destroy();
    await containers().remove(id);
    await eventually('it is gone', async () => ((await containers().status(relay!.id)) ? undefined : true));
  });
}

function unlessRefused(error: unknown): undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'ConnectionRefused')) throw error;
}
