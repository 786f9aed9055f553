import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { openApiTestBed, type ApiTestBed } from '../api-test-bed.ts';
import type { RemoteCommand } from './remote-command.ts';
import { upgradeToSpdy } from './spdy/upgrade-to-spdy-fixture.ts';
import { standstill } from './standstill-fixture.ts';

const json = { 'content-type': 'application/json' };
const path = '/api/v1/namespaces/default/pods/web/exec?command=cat&stdin=true';
const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';

type ProcessStreams = RemoteCommand['process'];

/** A process that says what it hears, and ends with its input; `cat`, but for the engine. */
type Process = {
  sizes: object[];
  input: PassThrough;
  inputBytes: number;
  signal: AbortSignal;
  command: readonly string[];
};

let bed: ApiTestBed;
let processes: Process[];
let exitCode = 0;
/** How long each request to resize takes. */
let turnsOfResizes: number[] = [];
/** The engine breaks the connection that the input goes to. */
let isInputRefused = false;
let attach: (signal: AbortSignal) => Promise<ProcessStreams | undefined>;
/** The process takes input from then on. */
let readsFrom = Promise.resolve();

beforeEach(async () => {
  processes = [];
  exitCode = 0;
  turnsOfResizes = [];
  isInputRefused = false;
  readsFrom = Promise.resolve();
  attach = async () => undefined;
  bed = await openApiTestBed({
    kubelet: {
      attach: (_pod, _container, _options, signal) => attach(signal),
      exec: async (_pod, _container, { command }, signal) => {
        const process: Process = { sizes: [], input: new PassThrough(), inputBytes: 0, signal, command };
        processes.push(process);
        signal.addEventListener('abort', () => process.input.end(), { once: true });
        return {
          output: (async function* () {
            for await (const data of process.input) yield { stream: 'stdout' as const, data: data as Buffer };
          })(),
          write: async (data) => {
            if (isInputRefused) throw new Error('the engine takes no input');
            await readsFrom;
            process.inputBytes += data.length;
            if (!process.input.writableEnded && !process.input.write(data)) await once(process.input, 'drain');
          },
          endInput: async () => void process.input.end(),
          resize: async (size) => {
            const turns = turnsOfResizes.shift() ?? 0;
            for (let turn = 0; turn < turns; turn += 1) await setImmediate();
            process.sizes.push(size);
          },
          exitCode: async () => exitCode,
        };
      },
    },
  });
  await bed.send('POST', '/api/v1/namespaces/default/pods', {
    headers: json,
    body: { metadata: { name: 'web' }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
  });
});
afterEach(() => bed.close());

async function allowed(verbs: string[]): Promise<string> {
  await bed.send('POST', '/api/v1/namespaces/default/serviceaccounts', {
    headers: json,
    body: { metadata: { name: 'r' } },
  });
  const account = (await bed.send('GET', '/api/v1/namespaces/default/serviceaccounts/r')).body;
  const rules = [{ apiGroups: [''], resources: ['pods/exec', 'pods/attach'], verbs }];
  await bed.send('POST', `${rbac}/roles`, { headers: json, body: { metadata: { name: 'r' }, rules } });
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' };
  const subjects = [{ kind: 'ServiceAccount', namespace: 'default', name: 'r' }];
  await bed.send('POST', `${rbac}/rolebindings`, {
    headers: json,
    body: { metadata: { name: 'r' }, roleRef, subjects },
  });
  const serviceAccount = { name: 'r', uid: account.metadata.uid as string };
  return bed.tokens.issue({ namespace: 'default', serviceAccount, expirationSeconds: 600 }).token;
}

async function open(url: string, protocols: string[], verbs = ['get', 'create']) {
  const headers = { authorization: `Bearer ${await allowed(verbs)}` };
  const socket = new WebSocket(`wss://127.0.0.1:${bed.port}${url}`, protocols, { rejectUnauthorized: false, headers });
  const messages: Buffer[] = [];
  socket.on('message', (data) => messages.push(data as Buffer));
  return { socket, messages };
}

const refused = { metadata: {}, status: 'Failure', message: 'the engine takes no input' };

const of = (messages: readonly Buffer[], channel: number) =>
  Buffer.concat(messages.filter(([first]) => first === channel).map((message) => message.subarray(1))).toString();

async function refusal(url: string, protocols: string[], verbs?: string[]): Promise<number> {
  const { socket } = await open(url, protocols, verbs);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  response.destroy();
  return response.statusCode ?? 0;
}

describe('a process over a WebSocket', () => {
  test('v5: input that ends, output, and success', async () => {
    const { socket, messages } = await open(path, ['v5.channel.k8s.io']);
    await once(socket, 'open');
    socket.send(Buffer.from('\x00hello'));
    socket.send(Buffer.from([4, ...Buffer.from('{"Width":80,"Height":24}')]));
    socket.send(Buffer.from([255, 0]));
    const [code] = (await once(socket, 'close')) as [number];
    expect([code, of(messages, 1), JSON.parse(of(messages, 3))]).toEqual([
      1000,
      'hello',
      { metadata: {}, status: 'Success' },
    ]);
    expect(messages[0]).toEqual(Buffer.from([1]));
    expect(processes[0]).toMatchObject({ command: ['cat'], sizes: [] });
  });

  test('the exit code is a cause', async () => {
    exitCode = 3;
    const { socket, messages } = await open(`${path}&tty=true`, ['v5.channel.k8s.io']);
    await once(socket, 'open');
    socket.send(Buffer.from([4, ...Buffer.from('{"Width":80,"Height":24}')]));
    socket.send(Buffer.from([255, 0]));
    await once(socket, 'close');
    expect(JSON.parse(of(messages, 3))).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '3' }] },
    });
    expect(processes[0]?.sizes).toEqual([{ columns: 80, rows: 24 }]);
  });

  test('in base64', async () => {
    const { socket, messages } = await open(path, ['base64.channel.k8s.io']);
    await once(socket, 'open');
    socket.send('0aGk=');
    await vi.waitFor(() => expect(messages.map(String)).toEqual(['1', '1aGk=']));
    socket.terminate();
  });

  test('a client that goes lets the process go', async () => {
    const { socket } = await open(path, ['v4.channel.k8s.io']);
    await once(socket, 'open');
    socket.terminate();
    await vi.waitFor(() => expect(processes[0]?.signal.aborted).toBe(true));
  });

  test('input in many messages waits for the process', async () => {
    const leaks: string[] = [];
    const note = ({ name, message }: Error) => void (name === 'MaxListenersExceededWarning' && leaks.push(message));
    process.on('warning', note);
    const { promise, resolve } = Promise.withResolvers<void>();
    readsFrom = promise;
    const { socket, messages } = await open(path, ['v5.channel.k8s.io']);
    await once(socket, 'open');
    const count = 20_000;
    for (let index = 0; index < count; index += 1) socket.send(Buffer.from('\0some bytes'));
    // In the same moment the server reads the first of them.
    expect((await bed.send('GET', '/livez')).status).toBe(200);
    resolve();
    socket.send(Buffer.from([255, 0]));
    await once(socket, 'close');
    process.off('warning', note);
    expect(of(messages, 1)).toBe('some bytes'.repeat(count));
    expect(leaks).toEqual([]);
  });

  test('input that the engine refuses ends the command, and the client is told', async () => {
    isInputRefused = true;
    const { socket, messages } = await open(path, ['v5.channel.k8s.io']);
    await once(socket, 'open');
    for (let index = 0; index < 40; index += 1) socket.send(Buffer.alloc(256 * 1024));
    const [code] = (await once(socket, 'close')) as [number];
    expect([code, JSON.parse(of(messages, 3))]).toEqual([1000, refused]);
    expect(processes[0]?.signal.aborted).toBe(true);
  });

  test('a client that does not read stops the process, not the server, and loses nothing', async () => {
    const { socket, messages } = await open(path, ['v5.channel.k8s.io']);
    await once(socket, 'open');
    socket.pause();
    const piece = Buffer.alloc(1024 * 1024, 'x');
    piece[0] = 0;
    for (let index = 0; index < 40; index += 1) socket.send(piece);
    socket.send(Buffer.from([255, 0]));
    await vi.waitFor(() => expect(processes[0]?.inputBytes).toBeGreaterThan(0));
    expect(await standstill(() => processes[0]!.inputBytes)).toBeLessThan(30 * 1024 * 1024);
    socket.resume();
    await once(socket, 'close');
    expect(of(messages, 1)).toHaveLength(40 * (1024 * 1024 - 1));
  });
});

/** Opens the streams for a command, one after the other. */
async function openSpdy(
  url: string,
  types: string[],
  method = 'POST',
  offered = 'v5.channel.k8s.io, v4.channel.k8s.io',
) {
  const { client, protocol } = await upgradeToSpdy(bed, method, url, { 'x-stream-protocol-version': offered });
  for (const [index, type] of types.entries()) await client.open(2 * index + 1, { streamtype: type });
  return { client, protocol };
}

describe('a process over SPDY', () => {
  const both = ['error', 'stdin', 'stdout', 'stderr'];

  test.each(['POST', 'GET'])('of %s: input that ends, output, and success', async (method) => {
    const { client, protocol } = await openSpdy(path, both, method);
    client.send(3, 'hel');
    client.send(3, 'lo', true);
    await vi.waitFor(() => expect(client.heard(1).isEnded).toBe(true));
    expect([protocol, client.text(5), client.heard(5).isEnded, client.heard(7).isEnded]).toEqual([
      'v4.channel.k8s.io',
      'hello',
      true,
      true,
    ]);
    expect(JSON.parse(client.text(1))).toEqual({ metadata: {}, status: 'Success' });
    client.destroy();
  });

  test('with a terminal has sizes, in their order, and an exit code', async () => {
    exitCode = 3;
    turnsOfResizes = [20, 0];
    const { client } = await openSpdy(`${path}&tty=true`, ['error', 'stdin', 'stdout', 'resize']);
    client.send(7, '{"Width":80,"Hei');
    client.send(7, 'ght":24}\n{"Width":90,"Height":30}\n');
    await vi.waitFor(() => expect(processes[0]?.sizes).toHaveLength(2));
    client.send(3, '', true);
    await vi.waitFor(() => expect(client.heard(1).isEnded).toBe(true));
    expect(JSON.parse(client.text(1))).toMatchObject({ reason: 'NonZeroExitCode' });
    expect(processes[0]?.sizes).toEqual([
      { columns: 80, rows: 24 },
      { columns: 90, rows: 30 },
    ]);
    client.destroy();
  });

  test('of the first version tells a failure as text', async () => {
    exitCode = 3;
    const { client } = await openSpdy(path, both, 'POST', 'channel.k8s.io');
    client.send(3, '', true);
    await vi.waitFor(() => expect(client.heard(1).isEnded).toBe(true));
    expect(client.text(1)).toBe('command terminated with non-zero exit code: exit status 3');
    client.destroy();
  });

  test('a client that goes lets the process go, also before it has opened everything', async () => {
    for (const types of [both, ['error']]) {
      const { client } = await openSpdy(path, types);
      client.destroy();
      await vi.waitFor(() => expect(processes.at(-1)?.signal.aborted).toBe(true));
    }
    expect(processes).toHaveLength(2);
  });

  test('input that the engine refuses ends the command, and the client is told', async () => {
    isInputRefused = true;
    const { client } = await openSpdy(path, both);
    for (let index = 0; index < 40; index += 1) client.send(3, Buffer.alloc(256 * 1024));
    await vi.waitFor(() => expect(client.heard(1).isEnded).toBe(true));
    expect(JSON.parse(client.text(1))).toEqual(refused);
    // All that was said before has been read.
    client.ping(7);
    await vi.waitFor(() => expect(client.pings).toContain(7));
    expect(processes[0]?.signal.aborted).toBe(true);
    client.destroy();
  });

  test('a client that does not read stops the process, and loses nothing', async () => {
    const { client } = await openSpdy(path, both);
    client.pause();
    for (let index = 0; index < 40; index += 1) client.send(3, Buffer.alloc(1024 * 1024, 'x'));
    client.send(3, '', true);
    await vi.waitFor(() => expect(processes[0]?.inputBytes).toBeGreaterThan(0));
    expect(await standstill(() => processes[0]!.inputBytes)).toBeLessThan(30 * 1024 * 1024);
    client.resume();
    await vi.waitFor(() => expect(client.heard(5)).toMatchObject({ bytes: 40 * 1024 * 1024, isEnded: true }));
    client.destroy();
  });

  test.each([
    ['only what is not known', 'v9.channel.k8s.io', 403],
    ['nothing', '', 400],
  ])('is refused to who offers %s', async (_what, offered, status) => {
    await expect(openSpdy(path, [], 'POST', offered)).rejects.toThrow(`HTTP/1.1 ${status} `);
    expect(processes).toEqual([]);
  });
});

test('a client of a container hears that the server stops, not that the container has ended well', async () => {
  attach = async (signal) => ({
    output: (async function* () {
      yield { stream: 'stdout' as const, data: Buffer.from('here') };
      if (!signal.aborted) await once(signal, 'abort');
    })(),
    write: async () => undefined,
    endInput: async () => undefined,
    resize: async () => undefined,
  });
  const { socket, messages } = await open(path.replace('/exec?', '/attach?'), ['v5.channel.k8s.io']);
  await once(socket, 'open');
  const closed = once(socket, 'close');
  await bed.close();
  await closed;
  expect(JSON.parse(of(messages, 3))).toMatchObject({ status: 'Failure', message: 'the server stops' });
  bed = await openApiTestBed();
});

describe('refused is', () => {
  test.each([
    ['a protocol that is not known', path, ['v9.channel.k8s.io'], ['get', 'create'], 403],
    ['who may get but not create', path, ['v5.channel.k8s.io'], ['get'], 403],
    ['a command that is none', path.replace('command=cat&', ''), ['v5.channel.k8s.io'], ['get', 'create'], 400],
    ['a container that the pod has not', `${path}&container=x`, ['v5.channel.k8s.io'], ['get', 'create'], 400],
  ])('%s', async (_what, url, protocols, verbs, status) => {
    expect(await refusal(url, protocols, verbs)).toBe(status);
    expect(processes).toEqual([]);
  });

  test('a request that is no upgrade', async () => {
    const { status, body } = await bed.send('POST', path);
    expect([status, body.message]).toEqual([400, 'Upgrade request required']);
    expect(processes).toEqual([]);
  });

  test('a container that does not run', async () => {
    expect(await refusal(path.replace('/exec?', '/attach?'), ['v5.channel.k8s.io'])).toBe(404);
  });
});
