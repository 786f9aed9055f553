import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { configMaps } from '../../domain/resources/config-map.ts';
import { serviceAccounts } from '../../domain/resources/service-account.ts';
import { openApiTestBed, type ApiTestBed } from '../api-test-bed.ts';

const path = '/api/v1/namespaces/default/configmaps?watch=1';
const json = { 'content-type': 'application/json' };

let bed: ApiTestBed;
let token: string;
beforeEach(async () => {
  bed = await openApiTestBed({ history: 10, kubelet: { logs: async () => logLines() } });
  const account = { namespace: 'default', name: 'reader' };
  const { metadata } = await bed.registry.create(serviceAccounts, { metadata: account });
  token = bed.tokens.issue({
    namespace: 'default',
    serviceAccount: { name: 'reader', uid: metadata?.uid ?? '' },
    expirationSeconds: 600,
  }).token;
  const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
  const rules = [{ apiGroups: [''], resources: ['*'], verbs: ['*'] }];
  await bed.send('POST', `${rbac}/roles`, { headers: json, body: { metadata: { name: 'reader' }, rules } });
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' };
  const subjects = [{ kind: 'ServiceAccount', ...account }];
  const body = { metadata: { name: 'reader' }, roleRef, subjects };
  await bed.send('POST', `${rbac}/rolebindings`, { headers: json, body });
});
afterEach(() => bed.close());

async function* logLines() {
  const time = new Date(0);
  yield { stream: 'stdout' as const, time, timestamp: time.toISOString(), line: Buffer.from('one') };
}

const open = (url: string, protocols: string[], headers: Record<string, string> = {}) =>
  new WebSocket(`wss://127.0.0.1:${bed.port}${url}`, protocols, { rejectUnauthorized: false, headers });

const bearer = () => ({ authorization: `Bearer ${token}` });

/** Notes everything that comes from the beginning on. */
function messagesOf(socket: WebSocket): { text: string; isBinary: boolean }[] {
  const messages: { text: string; isBinary: boolean }[] = [];
  socket.on('message', (data, isBinary) => messages.push({ text: (data as Buffer).toString(), isBinary }));
  return messages;
}

const create = (name: string, length = 1) =>
  bed.registry.create(configMaps, { metadata: { namespace: 'default', name }, data: { a: 'x'.repeat(length) } });

const refusalOf = async (socket: WebSocket): Promise<{ status: number; body: string; connection: string }> => {
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  const body = (await response.setEncoding('utf8').toArray()).join('');
  return { status: response.statusCode ?? 0, body, connection: String(response.headers.connection) };
};

describe('a watch over a WebSocket', () => {
  test('is one text message for each event', async () => {
    await create('a');
    const socket = open(path, [], bearer());
    const messages = messagesOf(socket);
    await vi.waitFor(() => expect(messages).toHaveLength(1));
    await create('b');
    await vi.waitFor(() => expect(messages).toHaveLength(2));
    expect(messages.map(({ text, isBinary }) => [JSON.parse(text).object.metadata.name, isBinary])).toEqual([
      ['a', false],
      ['b', false],
    ]);
    socket.close();
    await once(socket, 'close');
  });

  test('is let in by a token among the protocols, and chooses another one', async () => {
    await create('a');
    const encoded = Buffer.from(token).toString('base64url');
    const socket = open(path, [`base64url.bearer.authorization.k8s.io.${encoded}`, 'json.k2d.example'], {});
    const messages = messagesOf(socket);
    await vi.waitFor(() => expect(messages).toHaveLength(1));
    expect(socket.protocol).toBe('json.k2d.example');
    socket.terminate();
  });

  test('ends when its time is over', async () => {
    const socket = open(`${path}&timeoutSeconds=1`, [], bearer());
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1000);
  });

  test('keeps everything in order for a client that reads slowly', async () => {
    for (let index = 0; index < 20; index++) await create(`c${String(index).padStart(2, '0')}`, 100_000);
    const socket = open(path, [], bearer());
    await once(socket, 'open');
    socket.pause();
    const messages = messagesOf(socket);
    await create('last');
    socket.resume();
    await vi.waitFor(() => expect(messages).toHaveLength(21));
    expect(JSON.parse(messages.at(-1)!.text).object.metadata.name).toBe('last');
    socket.terminate();
  });

  test('from a version that is gone says so, and ends', async () => {
    for (let index = 0; index < 12; index++) await create(`c${index}`);
    const socket = open(`${path}&resourceVersion=1`, [], bearer());
    const messages = messagesOf(socket);
    const [code] = (await once(socket, 'close')) as [number];
    expect([code, messages.map(({ text }) => JSON.parse(text))]).toMatchObject([
      1000,
      [{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }],
    ]);
  });

  test('ends with the server', async () => {
    const socket = open(path, [], bearer());
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await bed.close();
    await closed;
    bed = await openApiTestBed();
  });

  test('leaves nothing behind when its client goes', async () => {
    const socket = open(path, [], bearer());
    await once(socket, 'open');
    const longRunning = async () =>
      (await bed.send('GET', '/metrics')).text.includes('apiserver_longrunning_requests{');
    expect(await longRunning()).toBe(true);
    socket.terminate();
    await vi.waitFor(async () => expect(await longRunning()).toBe(false));
  });
});

describe('logs over a WebSocket', () => {
  const log = '/api/v1/namespaces/default/pods/web/log';
  beforeEach(async () => {
    await bed.send('POST', '/api/v1/namespaces/default/pods', {
      headers: json,
      body: { metadata: { name: 'web' }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
    });
  });

  test.each([
    ['binary.k8s.io', { text: 'one\n', isBinary: true }],
    ['base64.binary.k8s.io', { text: 'b25lCg==', isBinary: false }],
  ])('are %s', async (protocol, message) => {
    const socket = open(log, [protocol], bearer());
    const messages = messagesOf(socket);
    await once(socket, 'close');
    expect(messages).toEqual([message]);
  });
});

describe('a request to upgrade that is none for streams', () => {
  test.each([
    ['without a name', path, {}, 401],
    ['of a stranger to the namespace', '/api/v1/namespaces/other/configmaps?watch=1', undefined, 403],
    ['for what is not there', '/api/v1/namespaces/default/things?watch=1', undefined, 404],
    ['for a list', '/api/v1/namespaces/default/configmaps', undefined, 200],
  ])('%s is answered as ever, and the connection ends', async (_what, url, headers, status) => {
    const reply = await refusalOf(open(url, [], headers ?? bearer()));
    expect([reply.status, reply.connection]).toEqual([status, 'close']);
    expect(JSON.parse(reply.body)).toHaveProperty('kind');
  });

  test('of another kind is answered as ever', async () => {
    const socket = connect({ port: bed.port, host: '127.0.0.1', rejectUnauthorized: false });
    socket.write('GET /livez HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    const text = (await socket.setEncoding('utf8').toArray()).join('');
    expect(text).toMatch(/^HTTP\/1\.1 401 /);
  });

  test('ends, though its client does not', async () => {
    const options = { port: bed.port, host: '127.0.0.1', rejectUnauthorized: false, allowHalfOpen: true };
    const socket = connect(options).on('error', () => undefined);
    socket.write('GET /livez HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    await once(socket.resume(), 'end');
    // Whoever is gone refuses what still comes.
    const more = setInterval(() => socket.write('more'), 20);
    await vi.waitFor(() => expect(socket.destroyed).toBe(true), { timeout: 15_000 });
    clearInterval(more);
  });

  test('that breaks off does no harm', async () => {
    const socket = connect({ port: bed.port, host: '127.0.0.1', rejectUnauthorized: false });
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`);
    socket.write('Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 99\r\n\r\n');
    const text = (await socket.setEncoding('utf8').toArray()).join('');
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect((await bed.send('GET', '/livez')).status).toBe(200);
  });
});
