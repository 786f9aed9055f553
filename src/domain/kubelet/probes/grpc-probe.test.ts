import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { grpcProbe } from './grpc-probe.ts';

let server: Http2Server | undefined;
afterEach(() => server?.close());

async function serve(answer: (stream: ServerHttp2Stream, body: Buffer) => void): Promise<number> {
  const made = createServer();
  server = made;
  made.on('stream', (stream) => {
    const pieces: Buffer[] = [];
    stream.on('data', (piece: Buffer) => pieces.push(piece));
    stream.on('end', () => answer(stream, Buffer.concat(pieces)));
  });
  await new Promise<void>((listening) => made.listen(0, '127.0.0.1', () => listening()));
  return (made.address() as AddressInfo).port;
}

function reply(stream: ServerHttp2Stream, hex: string): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(Buffer.from(hex, 'hex'));
}

const probe = (port: number, service = '', signal = AbortSignal.timeout(30_000)) =>
  grpcProbe(port, service, '127.0.0.1', signal);

it('takes SERVING for success, and names the service', async () => {
  let asked = '';
  const port = await serve((stream, body) => {
    asked = body.subarray(7).toString();
    reply(stream, '00000000020801');
  });
  expect(await probe(port, 'liveness')).toEqual({ ok: true });
  expect(asked).toBe('liveness');
});

it.each([
  ['that it does not serve', '00000000020802', 'service unhealthy (responded with "NOT_SERVING")'],
  ['nonsense', 'ffff', 'service unhealthy (responded with "an unknown message")'],
])('fails when the server says %s', async (_what, hex, message) => {
  expect(await probe(await serve((stream) => reply(stream, hex)))).toEqual({ ok: false, message });
});

it('fails when the server has no health service', async () => {
  const port = await serve((stream) =>
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12', 'grpc-message': 'unknown%20service' },
      { endStream: true },
    ),
  );
  expect(await probe(port)).toEqual({
    ok: false,
    message: 'error: this server does not implement the grpc health protocol (grpc.health.v1.Health): unknown service',
  });
});

it('ends with the signal when nobody answers', async () => {
  const port = await serve(() => undefined);
  const result = await probe(port, '', AbortSignal.timeout(50));
  expect(result).toMatchObject({ ok: false, message: expect.stringContaining('error: health rpc probe failed') });
});

it('fails when nobody listens', async () => {
  const port = await serve(() => undefined);
  await new Promise((closed) => server?.close(closed));
  expect(await probe(port)).toMatchObject({ message: expect.stringContaining('failed to connect service') });
});
