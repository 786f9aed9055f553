import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { httpProbe } from './http-probe.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(answer: RequestListener): Promise<number> {
  const made = createServer(answer);
  server = made;
  await new Promise<void>((listening) => made.listen(0, '127.0.0.1', () => listening()));
  return (made.address() as AddressInfo).port;
}

const probe = async (answer: RequestListener, action = {}, signal = AbortSignal.timeout(30_000)) => {
  const port = await serve(answer);
  return httpProbe({ path: '/healthz', port, ...action }, port, '127.0.0.1', signal);
};

it.each([
  [200, { ok: true }],
  [399, { ok: true }],
  [400, { ok: false, message: 'HTTP probe failed with statuscode: 400' }],
  [500, { ok: false, message: 'HTTP probe failed with statuscode: 500' }],
])('takes %d for %j', async (code, expected) => {
  expect(await probe((_request, response) => response.writeHead(code).end())).toEqual(expected);
});

it("sends the probe's headers, Host among them, in place of its own", async () => {
  let seen = {};
  const httpHeaders = [
    { name: 'Host', value: 'plant.example' },
    { name: 'User-Agent', value: 'mine' },
  ];
  await probe(
    (request, response) => {
      seen = { host: request.headers.host, agent: request.headers['user-agent'], path: request.url };
      response.end();
    },
    { httpHeaders, path: 'a?b=c' },
  );
  expect(seen).toEqual({ host: 'plant.example', agent: 'mine', path: '/a?b=c' });
});

it('follows a redirect on the same host, but not for ever', async () => {
  const toSelf: RequestListener = (request, response) =>
    request.url === '/end' ? response.end() : response.writeHead(302, { location: '/end' }).end();
  expect(await probe(toSelf)).toEqual({ ok: true });
  const inCircles: RequestListener = (_request, response) => response.writeHead(302, { location: '/x' }).end();
  expect(await probe(inCircles)).toMatchObject({ ok: false, message: expect.stringContaining('10 redirects') });
});

it('asks no other host, and says so', async () => {
  const away: RequestListener = (_request, response) =>
    response.writeHead(302, { location: 'http://192.0.2.1/' }).end('over there');
  expect(await probe(away)).toEqual({ ok: true, warning: 'Probe terminated redirects, Response body: over there' });
});

it('does not wait for the end of a long answer', async () => {
  const endless: RequestListener = (_request, response) => void response.write(Buffer.alloc(20_000));
  expect(await probe(endless)).toEqual({ ok: true });
});

it('fails when the answer stops short of its end until the timeout', async () => {
  const stalls: RequestListener = (_request, response) => void response.write('a');
  const result = await probe(stalls, {}, AbortSignal.timeout(50));
  expect(result).toMatchObject({ ok: false, message: expect.stringContaining('deadline exceeded') });
});
