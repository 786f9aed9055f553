import { Readable } from 'node:stream';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { headerDictionary } from './header-dictionary.ts';
import { readFrames } from './read-frames.ts';

/** What kubectl 1.27.16 sends for a connection to port 80, of which the client says `GET / HTTP/1.0` and ends. */
const portForward = Buffer.from(
  '800300010000003d0000000100000000000078f9e3c6a7c202253a48f95b044aab4c16060c0c0c9c4590d8ca04a5624603703a2c294a4dcc851635ac' +
    'a9a08800000000ffff0000000101000000800300010000001a00000003000000000000826a459502954289840c04000000ffff000000030000001247' +
    '4554202f20485454502f312e300d0a0d0a0000000301000000',
  'hex',
);

/** And for `exec -i web -- cat` with `hello` as its input. */
const exec = Buffer.from(
  '80030001000000290000000100000000000078f9e3c6a7c26260606004a7b392a2d4c45c6851c29a0a0a6800000000ffff8003000100000017000000' +
    '03000000000000c22e555c92929907000000ffff800300010000001900000005000000000000c22ac5565c92925f5a02000000ffff80030001000000' +
    '1500000007000000000000c229975a5404000000ffff000000030000000568656c6c6f0000000301000000',
  'hex',
);

async function framesOf(...pieces: Buffer[]) {
  const frames = [];
  for await (const frame of readFrames(Readable.from(pieces))) frames.push(frame);
  return frames;
}

const control = (type: number, body: Buffer, length = body.length, version = 3) =>
  Buffer.concat([Buffer.from([0x80, version, 0, type, 0, length >> 16, (length >> 8) & 0xff, length & 0xff]), body]);

const synStream = (headers: Buffer) =>
  control(1, Buffer.concat([Buffer.from([0, 0, 0, 1, 0, 0, 0, 0, 0, 0]), headers]));

const compressed = (headers: Buffer) => deflateSync(headers, { dictionary: headerDictionary });

describe('frames of kubectl', () => {
  test('for a port', async () => {
    const headers = (type: string) => new Map(Object.entries({ streamtype: type, port: '80', requestid: '0' }));
    const nothing = Buffer.alloc(0);
    expect(await framesOf(portForward)).toEqual([
      { kind: 'open', streamId: 1, headers: headers('error'), isFinal: false },
      { kind: 'data', streamId: 1, data: nothing, isFinal: true },
      { kind: 'open', streamId: 3, headers: headers('data'), isFinal: false },
      { kind: 'data', streamId: 3, data: Buffer.from('GET / HTTP/1.0\r\n\r\n'), isFinal: false },
      { kind: 'data', streamId: 3, data: nothing, isFinal: true },
    ]);
  });

  test('for a process', async () => {
    const opened = (await framesOf(exec)).flatMap((frame) =>
      frame.kind === 'open' ? [frame.headers.get('streamtype')] : [],
    );
    expect(opened).toEqual(['error', 'stdin', 'stdout', 'stderr']);
  });

  test.each([1, 3, 7, 20])('are the same in pieces of %i bytes', async (size) => {
    const pieces = Array.from({ length: Math.ceil(exec.length / size) }, (_, index) =>
      exec.subarray(index * size, (index + 1) * size),
    );
    const joined = (frames: Awaited<ReturnType<typeof framesOf>>) => ({
      text: frames.map((frame) => (frame.kind === 'data' ? frame.data.toString() : '')).join(''),
      others: frames.filter(({ kind }) => kind !== 'data'),
      ends: frames.filter((frame) => frame.kind === 'data' && frame.isFinal).length,
    });
    expect(joined(await framesOf(...pieces))).toEqual(joined(await framesOf(exec)));
  });
});

describe('refused is', () => {
  const length = (value: number) =>
    Buffer.from([value >> 24, value >> 16, value >> 8, value].map((byte) => byte & 0xff));

  test.each([
    ['another version', control(6, length(1), 4, 2), 'version 2 of SPDY'],
    ['what speaks something else', Buffer.from('\x80GET / HTTP/1.1\r\n\r\n', 'latin1'), 'version 71 of SPDY'],
    [
      'a control frame that does not end',
      control(1, Buffer.alloc(100), 0xff_ffff),
      'a control frame that is too large',
    ],
    ['a ping of nothing', control(6, Buffer.alloc(0)), 'a control frame that is too short'],
    ['what is not compressed', synStream(Buffer.from('hello, hello')), 'headers that cannot be decompressed'],
    [
      'compression by another dictionary',
      synStream(deflateSync('x', { dictionary: Buffer.from('y') })),
      'headers that cannot be decompressed',
    ],
    ['more headers than there are bytes', synStream(compressed(length(0x7fff_ffff))), 'headers that are cut off'],
    [
      'a name longer than all',
      synStream(compressed(Buffer.concat([length(1), length(1 << 30)]))),
      'headers that are cut off',
    ],
    ['a bomb', synStream(compressed(Buffer.alloc(10_000_000))), 'too many headers'],
  ])('%s', async (_what, bytes, message) => {
    await expect(framesOf(bytes)).rejects.toThrow(message);
  });

  test('nothing that is cut off: it is the end', async () => {
    for (let end = 0; end < portForward.length; end += 1) await framesOf(portForward.subarray(0, end));
    expect(await framesOf(portForward.subarray(0, 30))).toEqual([]);
  });

  test('nothing that is not known', async () => {
    expect(
      await framesOf(control(4, Buffer.alloc(12)), control(9, Buffer.alloc(8)), control(99, Buffer.alloc(3))),
    ).toEqual([]);
  });
});
