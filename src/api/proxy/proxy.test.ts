import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as connectTls } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { endpointSlices } from '../../domain/resources/endpoint-slice.ts';
import { nodes } from '../../domain/resources/node.ts';
import { pods } from '../../domain/resources/pod.ts';
import { services } from '../../domain/resources/service.ts';
import { openApiTestBed, type ApiTestBed } from '../api-test-bed.ts';

/** An address of this machine that is not its loopback, as pods have. */
const address = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)!.address;

let backend: Server;
let port: number;
const seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url = '', headers } = request;
  if (url === '/switch')
    return void request.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: own\r\nConnection: Upgrade\r\n\r\n');
  if (url === '/early') return void response.writeHead(413).end('too much');
  const body = await text(request);
  seen.push({ method, url, headers, body });
  if (url === '/redirect') response.writeHead(302, { location: '/login' }).end();
  else
    response
      .writeHead(url === '/teapot' ? 418 : 200, { 'content-type': 'text/x', 'set-cookie': ['a=1', 'b=2'] })
      .end(`${method} ${body}`);
}

beforeAll(async () => {
  // A request that breaks off needs none.
  backend = createServer((request, response) => void answer(request, response).catch(() => undefined));
  backend.on('upgrade', (_request, socket, head) => {
    socket.on('error', () => socket.destroy());
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\nX-Own: yes\r\n\r\n');
    if (head.length > 0) socket.write(head);
    socket.pipe(socket);
  });
  backend.listen(0, address);
  await once(backend, 'listening');
  ({ port } = backend.address() as AddressInfo);
});
afterAll(() => backend.close());

let bed: ApiTestBed;
beforeEach(async () => {
  seen.length = 0;
  bed = await openApiTestBed();
  await serveWeb();
});
afterEach(() => bed.close());

async function serveWeb(): Promise<void> {
  const metadata = (name: string) => ({ name, namespace: 'default' });
  const status = { podIP: address };
  const containers = [{ name: 'c', image: 'i', ports: [{ containerPort: port }] }];
  await bed.registry.create(pods, { metadata: metadata('web'), spec: { containers } });
  await bed.registry.update(pods, metadata('web'), (pod) => ({ ...pod, status }), { subresource: 'status' });
  await bed.registry.create(pods, { metadata: metadata('waiting'), spec: { containers } });
  await bed.registry.create(services, { metadata: metadata('web'), spec: { ports: [{ name: 'http', port: 80 }] } });
  await bed.registry.create(services, { metadata: metadata('elsewhere'), spec: { ports: [{ port: 80 }] } });
  await slice('web', address, 'http');
  await slice('elsewhere', '192.0.2.1', '');
}

const slice = (service: string, ip: string, name: string) =>
  bed.registry.create(endpointSlices, {
    metadata: { name: service, namespace: 'default', labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    ports: [{ name, port, protocol: 'TCP' }],
    endpoints: [{ addresses: [ip] }],
  });

const inDefault = '/api/v1/namespaces/default';

test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
  '%s goes on with its body, and the answer back',
  async (method) => {
    const path = `${inDefault}/pods/web/proxy/a%2Fb//c/?watch=no&timeout=never`;
    const headers = { 'content-type': 'x/y', accept: 'text/only', authorization: 'Basic nobody' };
    const reply = await bed.send(method, path, { headers, ...(method === 'GET' ? {} : { body: 'hello' }) });
    const body = method === 'GET' ? '' : 'hello';
    expect([reply.status, reply.text]).toEqual([200, `${method} ${body}`]);
    expect(reply.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(seen).toMatchObject([{ method, url: '/a%2Fb//c/?watch=no&timeout=never', body }]);
    expect(seen[0]!.headers).toMatchObject({ accept: 'text/only', 'x-forwarded-uri': path.split('?')[0] });
    expect(seen[0]!.headers).not.toHaveProperty('authorization');
  },
);

test('HEAD, failures and redirects come back as they are', async () => {
  expect(await bed.send('HEAD', `${inDefault}/pods/web/proxy/`)).toMatchObject({ status: 200, text: '' });
  expect(await bed.send('GET', `${inDefault}/pods/web/proxy/teapot`)).toMatchObject({ status: 418 });
  const redirect = await bed.send('GET', `${inDefault}/pods/web/proxy/redirect`);
  expect([redirect.status, redirect.headers.location]).toEqual([302, `${inDefault}/pods/web/proxy/login`]);
});

test('without a path a browser is sent to one, others are not', async () => {
  const { status, headers } = await bed.send('GET', `${inDefault}/pods/web/proxy?a=b`);
  expect([status, headers.location]).toEqual([301, `${inDefault}/pods/web/proxy/?a=b`]);
  await bed.send('POST', `${inDefault}/pods/web/proxy?a=b`, { body: 'x' });
  expect(seen).toMatchObject([{ url: '/?a=b', body: 'x' }]);
});

test('a body larger than any of the API is passed on', async () => {
  const body = Buffer.alloc(5 * 1024 * 1024, 'x');
  await bed.send('PUT', `${inDefault}/pods/web/proxy/upload`, { body });
  expect(seen[0]!.body.length).toBe(body.length);
});

test('a backend that answers early is heard, and the connection goes on', async () => {
  const body = Buffer.alloc(5 * 1024 * 1024, 'x');
  expect(await bed.send('PUT', `${inDefault}/pods/web/proxy/early`, { body })).toMatchObject({ text: 'too much' });
  expect(await bed.send('GET', `${inDefault}/pods/web/proxy/`)).toMatchObject({ status: 200 });
});

describe('with a limit for requests', () => {
  const limit = 1000;
  beforeEach(async () => {
    await bed.close();
    bed = await openApiTestBed({ limits: { headers: limit, request: limit } });
    await serveWeb();
  });

  /** Says something all the time, as long as it is asked to and may. */
  async function upload(path: string, isEnough: () => boolean): Promise<number | undefined> {
    const options = { port: bed.port, host: '127.0.0.1', agent: false, ...(await bed.credentials()) };
    const request = httpsRequest({ ...options, path, method: 'POST' });
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    const timer = setInterval(() => {
      if (!isEnough()) return void request.write('some');
      clearInterval(timer);
      request.end();
    }, 20);
    try {
      const [response] = await answered;
      return response.resume().statusCode;
    } catch {
      return undefined;
    } finally {
      clearInterval(timer);
      request.on('error', () => undefined).destroy();
    }
  }

  const lasting = (milliseconds: number) => {
    const began = performance.now();
    return () => performance.now() - began > milliseconds;
  };

  test('an upload that moves may last longer', async () => {
    expect(await upload(`${inDefault}/pods/web/proxy/upload`, lasting(4 * limit))).toBe(200);
    expect(seen[0]!.body.length).toBeGreaterThan(100);
  }, 60_000);

  test('an upload of which nothing comes is cut', async () => {
    const socket = connectTls({ port: bed.port, host: '127.0.0.1', ...(await bed.credentials()) });
    socket.write(`POST ${inDefault}/pods/web/proxy/upload HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nsome`);
    await new Promise((resolve) =>
      socket
        .on('error', () => undefined)
        .resume()
        .once('close', resolve),
    );
    expect(seen).toEqual([]);
  }, 60_000);

  test('what is not passed on has to be there in time', async () => {
    // Who still writes may hear of the end before it has read the answer.
    expect([408, undefined]).toContain(await upload(`${inDefault}/configmaps`, () => false));
  }, 60_000);
});

test.each(['web', 'web:http', 'web:80', 'http:web:http'])('the service %s', async (name) => {
  expect(await bed.send('GET', `${inDefault}/services/${name}/proxy/x`)).toMatchObject({ status: 200, text: 'GET ' });
});

test.each([
  ['services/web:81', 503, 'no service port 81 found for service "web"'],
  ['services/web:other', 503, 'no endpoints available for service "web"'],
  ['services/elsewhere', 503, 'no endpoints available for service "elsewhere"'],
  ['services/nobody', 404, 'services "nobody" not found'],
  ['pods/nobody:80', 404, 'pods "nobody" not found'],
  ['pods/waiting', 400, 'address not allowed'],
  ['pods/ftp:web:80', 400, 'invalid pod request "ftp:web:80"'],
  ['pods/web:0', 400, 'invalid port 0'],
])('%s leads nowhere', async (name, code, message) => {
  const { status, body } = await bed.send('GET', `${inDefault}/${name}/proxy/`);
  expect([status, body.message]).toEqual([code, message]);
});

test('a pod where nobody listens is not available', async () => {
  const { status, body } = await bed.send('GET', `${inDefault}/pods/web:1/proxy/`);
  expect([status, body.reason]).toEqual([503, 'ServiceUnavailable']);
  expect(body.message).toMatch(/^error trying to reach service: .*ECONNREFUSED/);
});

test('a protocol that nobody asked for is no answer', async () => {
  const { status, body } = await bed.send('GET', `${inDefault}/pods/web/proxy/switch`);
  expect([status, body.message]).toEqual([503, 'error trying to reach service: it wants another protocol']);
});

test('a connection that is to become something else is joined', async () => {
  const credentials = await bed.credentials();
  const socket = connectTls({ port: bed.port, host: '127.0.0.1', ...credentials });
  await once(socket, 'secureConnect');
  const ask = `GET ${inDefault}/pods/web/proxy/echo HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nfirst `;
  socket.write(ask);
  let received = '';
  const waitFor = async (words: string) => {
    while (!received.includes(words)) received += String((await once(socket, 'data'))[0]);
  };
  await waitFor('first ');
  expect(received).toMatch(/^HTTP\/1.1 101 Switching Protocols\r\n/);
  expect(received).toContain('X-Own: yes\r\n');
  socket.write('second');
  await waitFor('second');
  socket.destroy();
});

test('the node answers for its kubelet, and leads to other ports', async () => {
  const key = { namespace: '', name: 'device-1' };
  await bed.registry.create(nodes, { metadata: { name: 'device-1' } });
  const addresses = [{ type: 'InternalIP', address }];
  await bed.registry.update(nodes, key, (node) => ({ ...node, status: { addresses } }), { subresource: 'status' });
  expect(await bed.send('GET', '/api/v1/nodes/device-1/proxy/healthz')).toMatchObject({ status: 200, text: 'ok' });
  expect((await bed.send('GET', '/api/v1/nodes/device-1:10250/proxy/pods')).body.items).toHaveLength(2);
  expect(await bed.send('GET', `/api/v1/nodes/device-1:${port}/proxy/x`)).toMatchObject({ text: 'GET ' });
  expect((await bed.send('GET', '/api/v1/nodes/device-1/proxy/run')).status).toBe(404);
  expect((await bed.send('POST', '/api/v1/nodes/device-1/proxy/healthz')).status).toBe(405);
});
