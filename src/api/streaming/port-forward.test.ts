import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createWebSocketStream, WebSocket } from 'ws';
import { openApiTestBed, type ApiTestBed } from '../api-test-bed.ts';
import { SpdyClient } from './spdy/spdy-client-fixture.ts';
import { upgradeToSpdy } from './spdy/upgrade-to-spdy-fixture.ts';
import { standstill } from './standstill-fixture.ts';

const json = { 'content-type': 'application/json' };
const path = '/api/v1/namespaces/default/pods/web/portforward';

let bed: ApiTestBed;
let program: Server;
let connections: Socket[];
let answer: (socket: Socket) => void;

/** Of the port 80 of the pod; nothing listens at its others. */
async function dial(_pod: unknown, port: number, signal: AbortSignal): Promise<Duplex> {
  if (port !== 80) throw new Error(`error forwarding port ${port} to pod web_default, uid u: connection refused`);
  const socket = connect({
    port: (program.address() as AddressInfo).port,
    host: '127.0.0.1',
    allowHalfOpen: true,
    signal,
  });
  await once(socket, 'connect');
  return socket;
}

beforeEach(async () => {
  connections = [];
  // Says again what it hears, and ends when its client does.
  answer = (socket) => socket.pipe(socket);
  program = createServer({ allowHalfOpen: true }, (socket) => {
    connections.push(socket);
    answer(socket.on('error', () => socket.destroy()));
  });
  program.listen(0, '127.0.0.1');
  await once(program, 'listening');
  bed = await openApiTestBed({ kubelet: { portForward: dial } });
  const pod = { metadata: { name: 'web' }, spec: { nodeName: 'here', containers: [{ name: 'web', image: 'web:1' }] } };
  await bed.send('POST', '/api/v1/namespaces/default/pods', { headers: json, body: pod });
  await become({ phase: 'Running', podIP: '10.64.0.9' });
});
afterEach(async () => {
  await bed.close();
  for (const socket of connections) socket.destroy();
  program.close();
});

const become = (status: object) =>
  bed.send('PATCH', '/api/v1/namespaces/default/pods/web/status', {
    headers: { 'content-type': 'application/merge-patch+json' },
    body: { status },
  });

const overSpdy = async (): Promise<SpdyClient> =>
  (await upgradeToSpdy(bed, 'POST', path, { 'x-stream-protocol-version': 'portforward.k8s.io' })).client;

const webSocket = async (query: string, protocols: string[]) =>
  new WebSocket(`wss://127.0.0.1:${bed.port}${path}${query}`, protocols, await bed.credentials());

/** SPDY in the messages of a WebSocket, with the name that kubectl gives it, which ws does not let through. */
async function throughTunnel(): Promise<SpdyClient> {
  const socket = new WebSocket(`wss://127.0.0.1:${bed.port}${path}`, {
    ...(await bed.credentials()),
    headers: { 'sec-websocket-protocol': 'SPDY/3.1+portforward.k8s.io' },
  });
  let chosen: string | undefined;
  socket.once('upgrade', ({ headers }) => {
    chosen = headers['sec-websocket-protocol'];
    delete headers['sec-websocket-protocol'];
  });
  await once(socket, 'open');
  expect(chosen).toBe('SPDY/3.1+portforward.k8s.io');
  return new SpdyClient(createWebSocketStream(socket));
}

/** A connection to a port, as kubectl makes one: its two streams are 4n+1 for errors and 4n+3 for data. */
async function request(client: SpdyClient, number: number, port: string): Promise<{ errors: number; data: number }> {
  const [errors, data] = [4 * number + 1, 4 * number + 3];
  await client.open(errors, { streamtype: 'error', port, requestid: String(number) });
  client.send(errors, '', true);
  await client.open(data, { streamtype: 'data', port, requestid: String(number) });
  return { errors, data };
}

describe.each([
  ['SPDY', overSpdy],
  ['SPDY in a WebSocket', throughTunnel],
])('a connection over %s', (_name, open) => {
  test('goes both ways, each until its end', async () => {
    const client = await open();
    const { errors, data } = await request(client, 0, '80');
    client.send(data, 'one');
    await vi.waitFor(() => expect(client.text(data)).toBe('one'));
    client.send(data, 'two', true);
    await vi.waitFor(() => expect([client.heard(data).isEnded, client.heard(errors).isEnded]).toEqual([true, true]));
    expect([client.text(data), client.text(errors)]).toEqual(['onetwo', '']);
    client.destroy();
  });

  test('that the pod ends first says so, and takes what comes until the client ends it too', async () => {
    answer = (socket) => socket.resume().end('all');
    const client = await open();
    const { errors, data } = await request(client, 0, '80');
    await vi.waitFor(() => expect(client.heard(data).isEnded).toBe(true));
    expect(client.text(data)).toBe('all');
    client.send(data, 'more');
    client.reset(data);
    await vi.waitFor(() => expect(client.heard(errors).isEnded).toBe(true));
    expect(client.text(errors)).toBe('');
    client.destroy();
  });

  test('to a port where nothing listens is refused with words, and others go on', async () => {
    const client = await open();
    const { errors, data } = await request(client, 0, '81');
    await vi.waitFor(() => expect([client.heard(data).isEnded, client.heard(errors).isEnded]).toEqual([true, true]));
    expect(client.text(errors)).toBe('error forwarding port 81 to pod web_default, uid u: connection refused');
    const other = await request(client, 1, '80');
    client.send(other.data, 'still', true);
    await vi.waitFor(() => expect(client.text(other.data)).toBe('still'));
    client.destroy();
  });

  test('that breaks off in the pod breaks off, without a word', async () => {
    answer = (socket) => socket.once('data', () => socket.resetAndDestroy());
    const client = await open();
    const { errors, data } = await request(client, 0, '80');
    client.send(data, 'hello');
    await vi.waitFor(() => expect(client.heard(errors).isEnded).toBe(true));
    expect([client.text(errors), client.heard(data).resetReason]).toEqual(['', 5]);
    client.destroy();
  });

  test('ends with its client, and with the server', async () => {
    const client = await open();
    for (const number of [0, 1, 2]) await request(client, number, '80');
    await vi.waitFor(() => expect(connections).toHaveLength(3));
    client.destroy();
    await vi.waitFor(() => expect(connections.every(({ destroyed }) => destroyed)).toBe(true));
    const another = await open();
    await request(another, 0, '80');
    await vi.waitFor(() => expect(connections).toHaveLength(4));
    await bed.close();
    await vi.waitFor(() => expect([connections[3]?.destroyed, another.isClosed]).toEqual([true, true]));
    bed = await openApiTestBed();
  });

  test('of which the client reads nothing makes the pod wait, and loses nothing', async () => {
    const size = 40 * 1024 * 1024;
    answer = (socket) => socket.end(Buffer.alloc(size, 'x'));
    const client = await open();
    const { data } = await request(client, 0, '80');
    await vi.waitFor(() => expect(client.heard(data).bytes).toBeGreaterThan(0));
    client.pause();
    await standstill(() => connections[0]!.bytesWritten - connections[0]!.writableLength);
    expect(client.heard(data).isEnded).toBe(false);
    client.resume();
    await vi.waitFor(() => expect(client.heard(data)).toMatchObject({ bytes: size, isEnded: true }));
    client.destroy();
  });
});

describe('a stream is refused', () => {
  test.each([
    ['without a port', { streamtype: 'data', requestid: '0' }],
    ['with port 0', { streamtype: 'data', port: '0', requestid: '0' }],
    ['with a port that is none', { streamtype: 'data', port: '80x', requestid: '0' }],
    ['with a port that is too large', { streamtype: 'data', port: '65536', requestid: '0' }],
    ['of another type', { streamtype: 'stdin', port: '80', requestid: '0' }],
  ])('%s', async (_what, headers) => {
    const client = await overSpdy();
    await client.open(1, headers);
    await vi.waitFor(() => expect(client.heard(1).resetReason).toBe(5));
    client.destroy();
  });

  test('that its request has already', async () => {
    const client = await overSpdy();
    for (const id of [1, 3]) await client.open(id, { streamtype: 'data', port: '80', requestid: '7' });
    await vi.waitFor(() => expect(client.heard(3).resetReason).toBe(5));
    expect(client.heard(1)).toMatchObject({ isAccepted: true, resetReason: 0 });
    client.destroy();
  });
});

test('streams without a request id belong to the one before them', async () => {
  const client = await overSpdy();
  await client.open(1, { streamtype: 'error', port: '80' });
  await client.open(3, { streamtype: 'data', port: '80' });
  client.send(3, 'hello');
  await vi.waitFor(() => expect(client.text(3)).toBe('hello'));
  client.destroy();
});

describe('channels of a WebSocket', () => {
  const of = (messages: readonly Buffer[], channel: number) =>
    Buffer.concat(messages.filter(([first]) => first === channel).map((message) => message.subarray(1)));

  test('begin with their port, and carry data and errors', async () => {
    answer = (socket) => socket.once('data', (data) => socket.end(data));
    const socket = await webSocket('?ports=80,81', ['v4.channel.k8s.io']);
    const messages: Buffer[] = [];
    socket.on('message', (message) => void messages.push(message as Buffer));
    await once(socket, 'open');
    socket.send(Buffer.from('\0hello'));
    const [code] = (await once(socket, 'close')) as [number];
    expect([code, of(messages, 0), of(messages, 1), of(messages, 2)]).toEqual([
      1000,
      Buffer.from('\x50\0hello'),
      Buffer.from('\x50\0'),
      Buffer.from('\x51\0'),
    ]);
    expect(of(messages, 3).subarray(2).toString()).toMatch(/^error forwarding port 81 to pod /);
  });

  test('are as many as there may be, and warn nobody', async () => {
    const leaks: string[] = [];
    const note = ({ name, message }: Error) => void (name === 'MaxListenersExceededWarning' && leaks.push(message));
    process.on('warning', note);
    const socket = await webSocket(`?ports=${'80,'.repeat(31)}80`, ['v4.channel.k8s.io']);
    await once(socket, 'open');
    await vi.waitFor(() => expect(connections).toHaveLength(32));
    socket.terminate();
    await vi.waitFor(() => expect(connections.every(({ destroyed }) => destroyed)).toBe(true));
    process.off('warning', note);
    expect(leaks).toEqual([]);
  });

  test('are text in base64', async () => {
    const socket = await webSocket('?ports=80', ['v4.base64.channel.k8s.io']);
    const messages: string[] = [];
    socket.on('message', (message) => void messages.push(String(message as Buffer)));
    await once(socket, 'open');
    socket.send('0aGk=');
    await vi.waitFor(() => expect(messages.toSorted()).toEqual(['0UAA=', '0aGk=', '1UAA=']));
    socket.terminate();
    await vi.waitFor(() => expect(connections[0]?.destroyed).toBe(true));
  });
});

describe('refused is', () => {
  const refusal = async (query: string, protocols: string[]): Promise<[number | undefined, string]> => {
    const [, response] = (await once(await webSocket(query, protocols), 'unexpected-response')) as [
      unknown,
      IncomingMessage,
    ];
    const text = (await response.setEncoding('utf8').toArray()).join('');
    return [response.statusCode, (JSON.parse(text) as { message: string }).message];
  };

  test.each([
    ['', 'v4.channel.k8s.io', 400, 'query parameter "ports" is required'],
    ['?ports=x', 'v4.channel.k8s.io', 400, 'unable to parse "x" as a port'],
    ['?ports=0', 'v4.channel.k8s.io', 400, 'port "0" must be > 0'],
    [`?ports=${'1,'.repeat(32)}2`, 'v4.channel.k8s.io', 400, 'at most 32 ports may be forwarded at once'],
    [
      '?ports=80',
      'v9.channel.k8s.io',
      403,
      expect.stringContaining('client supports [v9.channel.k8s.io], server accepts ['),
    ],
  ])('%s in %s', async (query, protocol, code, message) => {
    expect(await refusal(query, [protocol])).toEqual([code, message]);
  });

  test('a request that is no upgrade', async () => {
    const { status, body } = await bed.send('POST', path);
    expect([status, body.message]).toEqual([400, 'Upgrade request required']);
  });

  test('a pod that has ended', async () => {
    await become({ phase: 'Failed' });
    expect(await refusal('?ports=80', [])).toEqual([400, 'pod web is not running']);
  });
});

test('discovery knows it', async () => {
  const { body } = await bed.send('GET', '/api/v1');
  const resources = body.resources as { name: string }[];
  expect(resources.find(({ name }) => name === 'pods/portforward')).toMatchObject({
    kind: 'PodPortForwardOptions',
    verbs: ['create', 'get'],
  });
});
