import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { App, Reply } from '../app.ts';
import { acceptWebSocket, closeWebSocket } from './accept-web-socket.ts';
import { routeUpgrades } from './upgrades.ts';

let server: Server;
let client: WebSocket;
let accepted: WebSocket;

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { promise, resolve } = Promise.withResolvers<WebSocket | undefined>();
  const routing = (raw: Reply['request']['raw']) =>
    void acceptWebSocket({ request: { raw } } as Reply, { maxPayload: 4096, protocol: () => false }).then(resolve);
  routeUpgrades({ server, routing } as unknown as App);
  client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await once(client, 'open');
  accepted = (await promise)!;
});
afterEach(() => {
  client.terminate();
  accepted.terminate();
  server.close();
});

/** More than the kernel takes for a client that reads nothing. */
const pieces = 512;
const say = () => {
  for (let count = 0; count < pieces; count += 1) accepted.send(Buffer.alloc(64 * 1024));
};

test('a slow client gets the end as well, however long that takes', async () => {
  const limit = 3000;
  let heard = 0;
  client.on('message', () => {
    heard += 1;
    client.pause();
  });
  const more = setInterval(() => client.resume(), 10);
  const began = performance.now();
  say();
  const left = closeWebSocket(accepted, limit).then(() => accepted.terminate());
  const [code] = (await once(client, 'close')) as [number];
  clearInterval(more);
  await left;
  expect([code, heard]).toEqual([1000, pieces]);
  expect(performance.now() - began).toBeGreaterThan(limit);
}, 60_000);

test('a client that takes nothing is let go', async () => {
  client.pause();
  say();
  await closeWebSocket(accepted, 200);
  await vi.waitFor(() => expect(accepted.readyState).toBe(WebSocket.CLOSED), { timeout: 15_000 });
  // Nothing is left to wait for.
  await closeWebSocket(accepted);
});
