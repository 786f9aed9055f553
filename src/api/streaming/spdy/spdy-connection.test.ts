import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { unlessStalled } from '../unless-stalled.ts';
import { SpdyClient } from './spdy-client-fixture.ts';
import { SpdyConnection } from './spdy-connection.ts';
import type { SpdyStream } from './spdy-stream.ts';

const eventually = { interval: 5 };

let client: SpdyClient;
let streams: SpdyStream[];
let connection: SpdyConnection;
let wire: Socket;
let served: Promise<void>;
let isOver: boolean;

beforeEach(async () => {
  streams = [];
  isOver = false;
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const far = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [near] = (await once(server, 'connection')) as [Socket];
  server.close();
  wire = near;
  client = new SpdyClient(far);
  connection = new SpdyConnection(near, (stream) => {
    streams.push(stream);
    return stream.headers.get('streamtype') !== 'refused';
  });
  served = connection.serve().finally(() => (isOver = true));
});
afterEach(async () => {
  client.destroy();
  await served;
});

/** All that the client says there. */
async function text(stream: SpdyStream): Promise<string> {
  let heard = '';
  for await (const data of stream.iterator({ destroyOnReturn: false })) heard += String(data);
  return heard;
}

/** The first one. */
async function opened(): Promise<SpdyStream> {
  await client.open(1, { streamtype: 'data' });
  await vi.waitFor(() => expect(client.heard(1).isAccepted).toBe(true), eventually);
  return streams[0]!;
}

test('a stream goes both ways, and each way ends by itself', async () => {
  const stream = await opened();
  client.send(1, 'one');
  client.send(1, 'two', true);
  expect(await text(stream)).toBe('onetwo');
  stream.write('three');
  stream.end('four');
  await vi.waitFor(() => expect(client.heard(1)).toMatchObject({ isEnded: true, resetReason: 0 }), eventually);
  expect(client.text(1)).toBe('threefour');
});

test('a stream that is not wanted is reset', async () => {
  await client.open(1, { streamtype: 'refused' });
  await vi.waitFor(() => expect(client.heard(1)).toMatchObject({ isAccepted: false, resetReason: 5 }), eventually);
});

test('what the client resets breaks off, and the others go on', async () => {
  const stream = await opened();
  await client.open(3, {});
  client.reset(1);
  await vi.waitFor(() => expect(stream.destroyed).toBe(true), eventually);
  client.send(1, 'nobody hears it');
  client.send(3, 'still', true);
  expect(await text(streams[1]!)).toBe('still');
  expect(client.heard(1).resetReason).toBe(0);
});

test('what is destroyed here is reset there', async () => {
  (await opened()).destroy();
  await vi.waitFor(() => expect(client.heard(1).resetReason).toBe(5), eventually);
});

test('data larger than a frame is sent in several', async () => {
  const stream = await opened();
  stream.end(Buffer.alloc(150_000, 'x'));
  await vi.waitFor(() => expect(client.heard(1)).toMatchObject({ bytes: 150_000, isEnded: true }), eventually);
});

test("the client's pings are answered, and no others", async () => {
  for (const id of [1, 2, 3]) client.ping(id);
  await vi.waitFor(() => expect(client.pings).toEqual([1, 3]), eventually);
});

test.each([
  ['used before', 1],
  ["of the server's", 2],
])('a stream with a number %s is a mistake', async (_what, id) => {
  const stream = await opened();
  await client.open(id, {});
  await vi.waitFor(() => expect(client.heard(id).resetReason).toBe(1), eventually);
  expect([streams.length, stream.destroyed]).toEqual([1, false]);
});

test('too many streams are refused', async () => {
  for (let id = 1; id <= 2 * 513; id += 2) await client.open(id, {});
  await vi.waitFor(() => expect(client.heard(2 * 513 - 1).resetReason).toBe(3), eventually);
  expect(streams).toHaveLength(512);
});

test('a stream that nobody reads stops the client, and loses nothing', async () => {
  const stream = await opened();
  const piece = Buffer.alloc(64 * 1024, 'x');
  let sent = 0;
  // Taken up at once while there is room.
  for (let isTaken = true; isTaken && sent < 200; sent += 1) {
    isTaken = client.send(1, piece);
    if (!isTaken) await new Promise(setImmediate);
  }
  for (; sent < 200; sent += 1) client.send(1, piece);
  client.send(1, '', true);
  expect(stream.readableLength).toBeLessThan(512 * 1024);
  let heard = 0;
  for await (const data of stream) heard += (data as Buffer).length;
  expect(heard).toBe(200 * piece.length);
});

test('a stream that nobody reads does not keep its connection from ending', async () => {
  const stream = await opened();
  for (let count = 0; count < 20; count += 1) client.send(1, Buffer.alloc(64 * 1024));
  await vi.waitFor(() => expect(stream.readableLength).toBeGreaterThan(100 * 1024), eventually);
  stream.destroy();
  client.ping(5);
  await vi.waitFor(() => expect(client.pings).toEqual([5]), eventually);
});

test('when the client goes, all streams break off', async () => {
  const stream = await opened();
  client.destroy();
  await served;
  expect(stream.destroyed).toBe(true);
});

test('rubbish ends the connection', async () => {
  const stream = await opened();
  client.raw(Buffer.from('\x80GET / HTTP/1.1\r\n\r\n', 'latin1'));
  await served;
  expect(stream.destroyed).toBe(true);
});

test('the last word waits for the client to go', async () => {
  const stream = await opened();
  stream.end('last');
  const left = connection.leave();
  await vi.waitFor(() => expect(client.isToldToGo).toBe(true), eventually);
  expect([client.text(1), isOver]).toEqual(['last', false]);
  await client.open(3, {});
  await vi.waitFor(() => expect(client.heard(3).resetReason).toBe(3), eventually);
  client.destroy();
  await left;
});

test('the last word to a client that takes nothing ends some time', async () => {
  const stream = await opened();
  client.pause();
  stream.end(Buffer.alloc(32 * 1024 * 1024));
  await unlessStalled(wire, connection.leave(), 200);
  await served;
  expect(stream.destroyed).toBe(true);
});
