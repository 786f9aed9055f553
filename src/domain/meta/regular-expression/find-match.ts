import { contains } from './character-set.ts';
import type { Program } from './compile-pattern.ts';
import { holds, maxSteps } from './run-program.ts';

/** Where a match stands in the text, in UTF-16 units. */
export type Match = { readonly start: number; readonly end: number };

/** A place in the program and where the match began that leads there; those that are preferred stand first. */
type Thread = { readonly place: number; readonly start: number };

/**
 * The first match at or after `from`, preferred as Perl and Go do it, in time linear to the text (Pike's machine). Undefined: it would have
 * taken too long.
 */
export function findMatch({ start, instructions }: Program, text: string, from: number): Match | 'none' | undefined {
  let steps = 0;
  let found: Match | undefined;
  let current: Thread[] = [];
  for (let at = from, previous = from === 0 ? -1 : (text.codePointAt(from - 1) ?? -1); ;) {
    const character = text.codePointAt(at) ?? -1;
    const reached = new Set<number>();
    const open = [...(found ? [] : [{ place: start, start: at }]), ...current.toReversed()];
    const waiting: Thread[] = [];
    while (open.length > 0) {
      const thread = open.pop()!;
      if (reached.has(thread.place)) continue;
      reached.add(thread.place);
      const instruction = instructions[thread.place]!;
      if (instruction.kind === 'match') {
        found = { start: thread.start, end: at };
        break;
      }
      if (instruction.kind === 'either')
        open.push(...instruction.next.toReversed().map((place) => ({ place, start: thread.start })));
      else if (instruction.kind === 'character') waiting.push(thread);
      else if (holds[instruction.holds](previous, character))
        open.push({ place: instruction.next, start: thread.start });
    }
    steps += reached.size + 1;
    if (steps > maxSteps) return undefined;
    if (character < 0 || (found && waiting.length === 0)) return found ?? 'none';
    current = waiting.flatMap(({ place, start: began }) => {
      const instruction = instructions[place]!;
      return instruction.kind === 'character' && contains(instruction.set, character)
        ? [{ place: instruction.next, start: began }]
        : [];
    });
    previous = character;
    at += character > 0xffff ? 2 : 1;
  }
}
