import { contains, isWordCharacter } from './character-set.ts';
import type { Program } from './compile-pattern.ts';
import type { Assertion } from './pattern-node.ts';

/** Steps that one match may take: 0.2 s on x86-64, a second on a small device. */
export const maxSteps = 2_000_000;

/**
 * Whether the program matches anywhere in the text. All places where it could stand are followed at once, so the time grows with the
 * length of the text and never with the number of ways to match it. Undefined: it would have taken too long.
 */
export function runProgram({ start, instructions }: Program, text: string): boolean | undefined {
  let steps = 0;
  let current: number[] = [];
  for (let at = 0, previous = -1; ;) {
    const character = text.codePointAt(at) ?? -1;
    const reached = new Set<number>();
    const open = [start, ...current];
    const waiting: number[] = [];
    while (open.length > 0) {
      const place = open.pop()!;
      if (reached.has(place)) continue;
      reached.add(place);
      const instruction = instructions[place]!;
      if (instruction.kind === 'match') return true;
      if (instruction.kind === 'either') open.push(...instruction.next);
      else if (instruction.kind === 'character') waiting.push(place);
      else if (holds[instruction.holds](previous, character)) open.push(instruction.next);
    }
    steps += reached.size;
    if (steps > maxSteps) return undefined;
    if (character < 0) return false;
    current = [];
    for (const place of waiting) {
      const instruction = instructions[place]!;
      if (instruction.kind === 'character' && contains(instruction.set, character)) current.push(instruction.next);
    }
    previous = character;
    at += character > 0xffff ? 2 : 1;
  }
}

const lineFeed = 10;
const isWord = (character: number): boolean => character >= 0 && isWordCharacter(character);

/** By the characters before and after the place; -1 is none. */
export const holds: Readonly<Record<Assertion, (before: number, after: number) => boolean>> = {
  textStart: (before) => before < 0,
  textEnd: (_before, after) => after < 0,
  lineStart: (before) => before < 0 || before === lineFeed,
  lineEnd: (_before, after) => after < 0 || after === lineFeed,
  wordBoundary: (before, after) => isWord(before) !== isWord(after),
  noWordBoundary: (before, after) => isWord(before) === isWord(after),
};
