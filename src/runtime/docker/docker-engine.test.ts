import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { dockerEngine } from './docker-engine.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A socket on which `listener` answers what is not about the version. */
async function socketWith(listener: RequestListener, apiVersion = () => '1.43'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'docker-engine-'));
  closing.push(() => rm(folder, { recursive: true }));
  const server = createServer((request, response) => {
    if (request.url !== '/version') return listener(request, response);
    response.end(JSON.stringify({ ApiVersion: apiVersion(), MinAPIVersion: '1.12' }));
  });
  const socketPath = join(folder, 'docker.sock');
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  closing.push(async () => server.closeAllConnections());
  return socketPath;
}

const unavailable = { name: 'RuntimeError', code: 'Unavailable' };

test('no socket is unavailable', async () => {
  await expect(dockerEngine('/nowhere/docker.sock').call((docker) => docker.info())).rejects.toMatchObject(unavailable);
});

test('requests go to the negotiated version', async () => {
  const urls: (string | undefined)[] = [];
  const socketPath = await socketWith((request, response) => {
    urls.push(request.url);
    response.end('[]');
  });
  const engine = dockerEngine(socketPath);
  await engine.call((docker, abortSignal) => docker.listContainers({ abortSignal }));
  await engine.call((docker, abortSignal) => docker.listContainers({ abortSignal }));
  expect(urls).toEqual(['/v1.43/containers/json', '/v1.43/containers/json']);
});

test('the environment does not lead to another engine', async () => {
  vi.stubEnv('DOCKER_HOST', 'tcp://127.0.0.1:1');
  vi.stubEnv('DOCKER_CLIENT_TIMEOUT', '1');
  closing.push(async () => vi.unstubAllEnvs());
  const engine = dockerEngine(await socketWith((_, response) => response.end('[]')));
  expect(await engine.call((docker, abortSignal) => docker.listContainers({ abortSignal }))).toEqual([]);
});

test('an engine that accepts and never answers is unavailable', async () => {
  const engine = dockerEngine(await socketWith(() => {}));
  const listing = engine.call((docker, abortSignal) => docker.listContainers({ abortSignal }), 200);
  await expect(listing).rejects.toMatchObject(unavailable);
});

test('an engine that dies in the middle of its answer is unavailable', async () => {
  const socketPath = await socketWith((_, response) => {
    response.write('[{"Id":', () => response.destroy());
  });
  const listing = dockerEngine(socketPath).call((docker, abortSignal) => docker.listContainers({ abortSignal }), 500);
  await expect(listing).rejects.toMatchObject(unavailable);
});

test('an answer that is no JSON of Docker is an error of the port all the same', async () => {
  const socketPath = await socketWith((_, response) => response.writeHead(500).end('<html>'));
  const listing = dockerEngine(socketPath).call((docker, abortSignal) => docker.listContainers({ abortSignal }));
  await expect(listing).rejects.toMatchObject({ name: 'RuntimeError', code: 'Internal' });
});

test('a stream that breaks is unavailable, one that is left ends', async () => {
  const socketPath = await socketWith((request, response) => {
    response.write('one\n', () => request.url?.includes('break') && response.destroy());
  });
  const engine = dockerEngine(socketPath);
  const read = async (what: string, signal: AbortSignal) => {
    const stream = await engine.open((docker, abortSignal) => docker.getEvents({ filters: what, abortSignal }), signal);
    return Buffer.concat(await Array.fromAsync(stream)).toString();
  };
  await expect(read('break', AbortSignal.timeout(30_000))).rejects.toMatchObject(unavailable);
  expect(await read('stay', AbortSignal.timeout(3000))).toBe('one\n');
  expect(await read('stay', AbortSignal.abort())).toBe('');
});

test('a stream that falls silent for too long is unavailable', async () => {
  const engine = dockerEngine(await socketWith((_, response) => response.write('one\n')));
  const signal = AbortSignal.timeout(30_000);
  const stream = await engine.open((docker, abortSignal) => docker.getEvents({ abortSignal }), signal, 200);
  await expect(Array.fromAsync(stream)).rejects.toMatchObject(unavailable);
});

test('after a failure the version is asked for again', async () => {
  let apiVersion = '1.43';
  const socketPath = await socketWith(
    (request, response) => (request.url?.startsWith('/v1.43/') ? response.destroy() : response.end('[]')),
    () => apiVersion,
  );
  const engine = dockerEngine(socketPath);
  const listing = () => engine.call((docker, abortSignal) => docker.listContainers({ abortSignal }), 30_000);
  await expect(listing()).rejects.toMatchObject(unavailable);
  apiVersion = '1.44';
  expect(await listing()).toEqual([]);
});
