import { describe, expect, test } from 'vitest';
import { framePieces, streamFrames } from './stream-frames.ts';

const frame = (type: number, payload: string): Buffer => {
  const header = Buffer.from([type, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, Buffer.from(payload)]);
};

const bytes = Buffer.concat([frame(1, 'one'), frame(2, ''), frame(2, 'three'), frame(1, '4')]);

async function* cut(size: number): AsyncIterable<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const sizes = Array.from({ length: 20 }, (_, index) => index + 1);

describe('the frames of two streams', () => {
  test.each([...sizes, 1000])('are whole, however they are cut: %i bytes at once', async (size) => {
    const frames = await Array.fromAsync(streamFrames(cut(size)));
    expect(frames.map(({ stream, payload }) => [stream, payload.toString()])).toEqual([
      ['stdout', 'one'],
      ['stderr', ''],
      ['stderr', 'three'],
      ['stdout', '4'],
    ]);
  });

  test.each(sizes)('as they come: %i bytes at once', async (size) => {
    const texts = { stdout: '', stderr: '' };
    for await (const { stream, data } of framePieces(cut(size))) {
      expect(data.length).toBeLessThanOrEqual(size);
      texts[stream] += data.toString();
    }
    expect(texts).toEqual({ stdout: 'one4', stderr: 'three' });
  });

  test.each([
    ['a stream of another kind', Buffer.from([3, 0, 0, 0, 0, 0, 0, 0])],
    ['a frame of 16 MB', Buffer.from([1, 0, 0, 0, 1, 0, 0, 0])],
    ['text', Buffer.from('HTTP/1.1 200 OK')],
  ])('%s is refused', async (_what, body) => {
    await expect(
      Array.fromAsync(
        framePieces(
          (async function* () {
            yield body;
          })(),
        ),
      ),
    ).rejects.toMatchObject({
      code: 'Internal',
    });
  });
});
