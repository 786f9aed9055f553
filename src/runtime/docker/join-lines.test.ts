import { expect, test } from 'vitest';
import { joinLines } from './join-lines.ts';
import { framedPieces, rawPieces } from './log-pieces.ts';

const time = (second: number) => `2026-11-21T19:53:0${second}.507233892Z`;

function frame(stream: 1 | 2, text: string): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(content.length, 4);
  return Buffer.concat([header, content]);
}

/** The same bytes in chunks of `size`, as a socket may cut them. */
async function* cut(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const lines = async (entries: ReturnType<typeof joinLines>) =>
  (await Array.fromAsync(entries)).map(({ stream, timestamp, line }) => [stream, timestamp, line.toString()]);

const long = 'x'.repeat(16 * 1024);
const log = Buffer.concat([
  frame(1, `${time(1)} one\n`),
  frame(1, `${time(2)} ${long}`),
  frame(2, `${time(3)} \n`),
  frame(1, `${time(4)} rest\n`),
  frame(2, `${time(5)} part`),
  frame(2, `${time(6)} next ü\n`),
  frame(1, `${time(7)} ${long}`),
]);

test.each([1, 7, 8, 9, 1000, 100_000])(
  'frames in chunks of %i bytes: parts are joined, each stream by itself',
  async (size) => {
    expect(await lines(joinLines(framedPieces(cut(log, size))))).toEqual([
      ['stdout', time(1), 'one'],
      ['stderr', time(3), ''],
      ['stdout', time(2), `${long}rest`],
      ['stderr', time(5), 'part'],
      ['stderr', time(6), 'next ü'],
      ['stdout', time(7), long],
    ]);
  },
);

test.each([1, 30, 31, 1000, 100_000])('a terminal in chunks of %i bytes: pieces end by their content', async (size) => {
  const raw = Buffer.from(`${time(1)} one\r\n${time(2)} ${long}${time(3)} rest\r\n${time(4)} part`);
  expect(await lines(joinLines(rawPieces(cut(raw, size))))).toEqual([
    ['stdout', time(1), 'one\r'],
    ['stdout', time(2), `${long}rest\r`],
    ['stdout', time(4), 'part'],
  ]);
});

test('output without line feeds is told in bounded entries', async () => {
  const endless = Buffer.concat(Array.from({ length: 40 }, () => frame(1, `${time(1)} ${long}`)));
  const entries = await Array.fromAsync(joinLines(framedPieces(cut(endless, 65_536))));
  expect(entries.map(({ line }) => line.length)).toEqual([256 * 1024, 256 * 1024, 128 * 1024]);
});

test('a stream that breaks within a frame tells the frames before', async () => {
  const broken = cut(log.subarray(0, 60), 1000);
  expect(await lines(joinLines(framedPieces(broken)))).toEqual([['stdout', time(1), 'one']]);
});
