import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findEngine } from './find-engine.ts';

describe('findEngine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'find-engine-'));
  afterAll(() => rm(folder, { recursive: true }));

  const listening = async (answer: RequestListener) => {
    const socketPath = join(folder, `${Math.random()}.sock`);
    const server = createServer(answer).listen(socketPath);
    await new Promise((resolve) => server.once('listening', resolve));
    const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
    return { socketPath, [Symbol.asyncDispose]: close };
  };
  const docker: RequestListener = (_, response) => response.setHeader('Api-Version', '1.41').end('OK');
  const podman: RequestListener = (_, response) => response.setHeader('Libpod-API-Version', '4.3.1').end('OK');

  test('the answer tells which engine it is', async () => {
    await using one = await listening(docker);
    await using other = await listening(podman);
    expect(await findEngine({ socketPath: one.socketPath })).toEqual({ engine: 'docker', socketPath: one.socketPath });
    expect(await findEngine({ socketPath: other.socketPath })).toMatchObject({ engine: 'podman' });
  });

  test('an engine of the other kind is none', async () => {
    await using server = await listening(podman);
    const found = findEngine({ runtime: 'docker', socketPath: server.socketPath });
    await expect(found).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining('it is podman'),
    });
  });

  test('where nothing answers, each socket tells why', async () => {
    const socketPath = join(folder, 'none.sock');
    await expect(findEngine({ socketPath })).rejects.toMatchObject({
      code: 'Unavailable',
      message: `no engine answers (${socketPath}: ENOENT)`,
    });
  });

  test('what answers with an error is no engine', async () => {
    await using server = await listening((_, response) => response.writeHead(500).end());
    await expect(findEngine({ socketPath: server.socketPath })).rejects.toThrow('it answered 500');
  });
});
