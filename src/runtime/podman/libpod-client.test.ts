import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { labelFilter, type LibpodClient, libpodClient, path } from './libpod-client.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0).toReversed()) close();
  vi.unstubAllEnvs();
});

async function clientOf(listener: RequestListener): Promise<LibpodClient> {
  const folder = mkdtempSync(join(tmpdir(), 'libpod-client-'));
  closing.push(() => rmSync(folder, { recursive: true }));
  const socketPath = join(folder, 'podman.sock');
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return libpodClient(socketPath);
}

const unavailable = { name: 'RuntimeError', code: 'Unavailable' };

test('no socket is unavailable, and no header is told', async () => {
  const asked = libpodClient('/nowhere/podman.sock').post('/images/pull', { headers: { 'X-Registry-Auth': 'secret' } });
  const failure = await asked.catch((error: unknown) => error);
  expect(failure).toMatchObject({ ...unavailable, message: expect.stringContaining('ENOENT') });
  expect(inspect(failure, { depth: null, showHidden: true })).not.toContain('secret');
});

test('names stay one segment of the path, and a query is encoded', async () => {
  const client = await clientOf((request, response) => response.end(JSON.stringify(request.url)));
  expect(await client.get(path`/containers/${'../a?b#c d%2f'}/json`, { query: labelFilter({ a: 'b&c=d' }) })).toBe(
    `/v4.0.0/libpod/containers/..%2Fa%3Fb%23c%20d%252f/json?filters=${new URLSearchParams({ '': '{"label":["a=b&c=d"]}' }).toString().slice(1)}`,
  );
});

test('a proxy of the environment is not asked', async () => {
  for (const name of ['http_proxy', 'HTTP_PROXY', 'all_proxy']) vi.stubEnv(name, 'http://127.0.0.1:1');
  const client = await clientOf((_, response) => response.end('[]'));
  expect(await client.get('/pods/json')).toEqual([]);
});

test('what the engine does not know is undefined where that is asked, else an error', async () => {
  const answer = JSON.stringify({ cause: 'no such pod', message: 'no pod x: no such pod', response: 404 });
  const client = await clientOf((_, response) => response.writeHead(404).end(answer));
  expect(await client.find('/pods/x/json')).toBeUndefined();
  expect(await client.delete('/pods/x')).toBeUndefined();
  await expect(client.post('/pods/x/start')).rejects.toMatchObject({
    code: 'NotFound',
    message: 'no pod x: no such pod',
  });
  await expect(client.stream('GET', '/pods/x', {})).rejects.toMatchObject({ code: 'NotFound' });
});

test('nothing, and not modified, are answers', async () => {
  const client = await clientOf((request, response) => response.writeHead(request.method === 'POST' ? 304 : 204).end());
  expect(await client.post('/containers/x/start')).toBeUndefined();
  expect(await client.get('/containers/x/exists')).toBeUndefined();
});

test('an engine that does not answer in time, or dies in its answer, is unavailable', async () => {
  const silent = await clientOf(() => {});
  await expect(silent.get('/info', { timeoutMs: 100 })).rejects.toMatchObject(unavailable);
  const dying = await clientOf((_, response) => response.write('{"a":', () => response.destroy()));
  await expect(dying.get('/info')).rejects.toMatchObject(unavailable);
});

test('an answer that is no JSON is an error of the port all the same', async () => {
  const client = await clientOf((_, response) => response.end('<html>'));
  await expect(client.get('/info')).rejects.toMatchObject({ name: 'RuntimeError', code: 'Internal' });
});

test('a stream that breaks, or whose signal fires, is unavailable; one that is left is closed', async () => {
  const left = Promise.withResolvers<void>();
  const client = await clientOf((request, response) => {
    response.write('one\n', () => request.url?.endsWith('break') && response.destroy());
    response.once('close', () => left.resolve());
  });
  await expect(Array.fromAsync(await client.stream('GET', '/break', {}))).rejects.toMatchObject(unavailable);
  const stop = new AbortController();
  const stopped = await client.stream('GET', '/stay', { signal: stop.signal });
  setTimeout(() => stop.abort(), 100);
  await expect(Array.fromAsync(stopped)).rejects.toMatchObject(unavailable);
  for await (const chunk of await client.stream('GET', '/stay', {})) {
    expect(chunk.toString()).toBe('one\n');
    break;
  }
  await left.promise;
});

test('a stream may be silent for longer than its headers may take', async () => {
  const client = await clientOf((_, response) => {
    response.write('one\n');
    setTimeout(() => response.end('two\n'), 3000);
  });
  const body = await client.stream('GET', '/events', { timeoutMs: 2000 });
  expect(Buffer.concat(await Array.fromAsync(body)).toString()).toBe('one\ntwo\n');
});
