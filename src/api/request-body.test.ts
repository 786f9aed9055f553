import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { bodyLimit, readWhole } from './request-body.ts';

const payload = (pieces: Iterable<Buffer>, headers = {}) =>
  Object.assign(Readable.from(pieces, { objectMode: true }), { headers });

it.each([1, 3, 1000, 65_536])('is the same in pieces of %i bytes', async (size) => {
  const body = Buffer.from(Array.from({ length: 100_003 }, (_, i) => i % 251));
  const pieces = function* () {
    for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
  };
  const before = Buffer.from(body);
  expect((await readWhole(payload(pieces()))).equals(before)).toBe(true);
  expect(body.equals(before)).toBe(true);
});

it('ends at the limit, and is refused beyond it', async () => {
  const pieces = (count: number) => Array.from({ length: count }, () => Buffer.alloc(bodyLimit / 4));
  expect(await readWhole(payload(pieces(4)))).toHaveLength(bodyLimit);
  await expect(readWhole(payload([...pieces(4), Buffer.alloc(1)]))).rejects.toMatchObject({ status: { code: 413 } });
  await expect(readWhole(payload([], { 'content-length': `${bodyLimit + 1}` }))).rejects.toMatchObject({
    status: { code: 413 },
  });
});

it('may be empty', async () => {
  expect(await readWhole(payload([]))).toHaveLength(0);
});
