import { expect, test } from 'vitest';
import type { LogPiece } from './log-pieces.ts';
import { tailWindow } from './log-tail.ts';

const time = (index: number) => `2026-11-21T19:53:03.${String(index).padStart(9, '0')}Z`;
const full = Buffer.alloc(16 * 1024, 'x');

/** A log of which each letter is a piece: `o` and `e` a line of stdout and stderr, `O` and `E` a full piece that goes on. */
function logOf(letters: string) {
  const all = letters.split('').map((letter, index): LogPiece => {
    const stream = letter.toLowerCase() === 'o' ? 'stdout' : 'stderr';
    return { stream, timestamp: time(index), content: letter === letter.toLowerCase() ? Buffer.from('line\n') : full };
  });
  const asked: number[] = [];
  const read = async function* (pieces: number) {
    asked.push(pieces);
    yield* all.slice(-pieces);
  };
  return { read, asked };
}

test.each([
  ['a line a piece', 'oooooo', 2, time(4)],
  ['all of a log that has no more', 'oo', 2, time(0)],
  ['all of a log that has less', 'o', 5, ''],
  ['nothing of an empty log', '', 5, ''],
  ['a long line counts once', 'ooOOo', 1, time(2)],
  ['the streams go on by themselves', 'oEoEe', 2, time(1)],
  ['the streams go on by themselves', 'oEoEe', 1, time(2)],
])('%s: %s, the last %i', async (_, letters, lines, from) => {
  expect((await tailWindow(logOf(letters).read, lines)).from).toBe(from);
});

test('what fits is asked for once; long lines make it ask for more', async () => {
  const short = logOf('o'.repeat(100));
  await tailWindow(short.read, 10);
  expect(short.asked).toEqual([12]);
  const long = logOf(`${'o'.repeat(10)}${'O'.repeat(100)}o`);
  expect((await tailWindow(long.read, 2)).from).toBe(time(9));
  expect(long.asked).toEqual([4, 16, 64, 256]);
});
