import { once } from 'node:events';
import { Duplex, PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { carry } from './carry.ts';

/** Two ends of a connection: what is written to the one is read from the other. */
function pair(): [Duplex, Duplex] {
  const [one, other] = [new PassThrough(), new PassThrough()];
  const end = (readable: PassThrough, writable: PassThrough) => Duplex.from({ readable, writable });
  return [end(one, other), end(other, one)];
}

async function textOf(from: Duplex): Promise<string> {
  const pieces: Buffer[] = [];
  from.on('data', (piece: Buffer) => pieces.push(Buffer.from(piece)));
  await once(from, 'end');
  return Buffer.concat(pieces).toString();
}

const own = (text: string): Buffer => Buffer.from(new TextEncoder().encode(text).slice().buffer);

it('frees what it has written, unless it was cut from something larger', async () => {
  const from = new PassThrough({ readableHighWaterMark: 1 });
  const [to, client] = pair();
  const [whole, large] = [own('whole'), own('part and more')];
  const texts: string[] = [];
  client.on('data', (piece: Buffer) => texts.push(piece.toString()));
  const carried = carry(from, to);
  for (const piece of [whole, large.subarray(0, 4)]) {
    from.write(piece);
    await once(client, 'data');
  }
  from.end();
  await carried;
  expect(texts.join(' ')).toBe('whole part');
  expect(whole.byteLength).toBe(0);
  expect(large.toString()).toBe('part and more');
});

it('ends the one direction, and leaves the other open', async () => {
  const [pod, server] = pair();
  const [stream, client] = pair();
  const both = Promise.all([carry(stream, pod), carry(pod, stream)]);
  client.end('asked');
  expect(await textOf(server)).toBe('asked');
  server.end('answered');
  expect(await textOf(client)).toBe('answered');
  await both;
});

it('breaks off with either side, also while nothing comes', async () => {
  for (const side of [0, 1] as const) {
    const ends = [new PassThrough(), new PassThrough()];
    const carried = carry(ends[0]!, ends[1]!);
    ends[side]!.destroy();
    await carried;
    expect(ends.map(({ destroyed }) => destroyed)).toEqual([true, true]);
  }
});
