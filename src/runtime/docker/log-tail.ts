import { goesOn, type LogPiece } from './log-pieces.ts';

/** The last lines of a log: those from this time on are among the last `pieces` pieces. */
export type TailWindow = { pieces: number; from: string };

/** More than were written by the time the window is read: it is counted from the end, and the end moves on. */
const SLACK_PIECES = 1000;

/**
 * Where the last `lines` lines begin. Docker's own `tail` counts pieces, so that a line longer than one would arrive without its
 * beginning, and others not at all. `read` gives the last so many pieces; it is asked for more until enough lines begin in them.
 */
export async function tailWindow(
  read: (pieces: number) => AsyncIterable<LogPiece>,
  lines: number,
): Promise<TailWindow> {
  // With one piece a line, two more suffice: what the first of each stream belongs to is not known.
  for (let pieces = lines + 2; ; pieces *= 4) {
    const { received, starts, unknown } = await lineStarts(read(pieces), lines);
    const whole = received < pieces;
    const known = whole ? [...unknown, ...starts].toSorted() : starts;
    if (whole || known.length >= lines) return { pieces: pieces + SLACK_PIECES, from: known.at(-lines) ?? '' };
  }
}

/** Times of the last `keep` pieces that begin a line for certain, and of those of which it is not known. */
async function lineStarts(pieces: AsyncIterable<LogPiece>, keep: number) {
  const unfinished = new Map<LogPiece['stream'], boolean>();
  const [starts, unknown]: [string[], string[]] = [[], []];
  let received = 0;
  for await (const { stream, timestamp, content } of pieces) {
    received += 1;
    const before = unfinished.get(stream);
    if (before === undefined) unknown.push(timestamp);
    else if (!before) starts.push(timestamp);
    if (starts.length > keep) starts.shift();
    unfinished.set(stream, goesOn(content));
  }
  return { received, starts, unknown };
}
