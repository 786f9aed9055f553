import { describe, expect, test } from 'vitest';
import { logEntries } from './log-entries.ts';

const frame = (stream: number, text: string): Buffer => {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header.writeUInt8(stream);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
};

/** The bytes in chunks of the given size. */
async function* chunked(bytes: Buffer, size: number): AsyncIterable<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

const read = async (frames: readonly Buffer[], chunkSize = 1 << 20) => {
  const entries = await Array.fromAsync(logEntries(chunked(Buffer.concat(frames), chunkSize)));
  return entries.map(({ stream, timestamp, line }) => [stream, timestamp, line.toString()]);
};

const at = '2026-11-22T02:32:14Z';
const later = '2026-11-22T02:32:15Z';

describe('logEntries', () => {
  const frames = [
    frame(1, `${at} one\n`),
    frame(1, `${at} long, `),
    frame(2, `${at} err\n`),
    frame(1, `${later} goes on\n`),
    frame(1, `${later} \n`),
    frame(2, `${later} part`),
  ];
  const lines = [
    ['stdout', at, 'one'],
    ['stderr', at, 'err'],
    ['stdout', at, 'long, goes on'],
    ['stdout', later, ''],
    ['stderr', later, 'part'],
  ];

  test.each([1, 7, 1 << 20])('however the bytes are cut: by %i', async (size) => {
    expect(await read(frames, size)).toEqual(lines);
  });

  test('a line without end is cut', async () => {
    const parts = Array.from({ length: 300 }, () => frame(1, `${at} ${'x'.repeat(8192)}`));
    const entries = await read(parts);
    expect(entries.map(([, , line]) => line?.length)).toEqual([1 << 20, 1 << 20, 300 * 8192 - (2 << 20)]);
  });

  test('what is not in frames is refused', async () => {
    await expect(read([Buffer.from('plain text, not frames')])).rejects.toMatchObject({ code: 'Internal' });
  });
});
