import type { CharacterSet } from './character-set.ts';
import { PatternError, type Assertion, type PatternNode } from './pattern-node.ts';

/** One step of a pattern as a machine (Thompson's construction); numbers are places in the program. */
export type Instruction =
  | { readonly kind: 'character'; readonly set: CharacterSet; readonly next: number }
  | { readonly kind: 'assertion'; readonly holds: Assertion; readonly next: number }
  | { readonly kind: 'either'; readonly next: readonly number[] }
  | { readonly kind: 'match' };

export type Program = { readonly start: number; readonly instructions: readonly Instruction[] };

/** Counted repetitions are written out; a pattern of more steps than any real one is refused. */
const maxInstructions = 20_000;

/** Built from the end to the beginning, so that every instruction knows what comes after it. */
export function compilePattern(node: PatternNode, text: string): Program {
  const instructions: Instruction[] = [{ kind: 'match' }];
  const add = (instruction: Instruction): number => {
    if (instructions.length >= maxInstructions) throw new PatternError('expression too large', text.slice(0, 100));
    return instructions.push(instruction) - 1;
  };
  /** What is preferred comes first. */
  const ordered = (body: number, next: number, isLazy: boolean) => (isLazy ? [next, body] : [body, next]);
  const loop = (body: PatternNode, next: number, isLazy: boolean): number => {
    const targets: number[] = [];
    const place = add({ kind: 'either', next: targets });
    targets.push(...ordered(before(body, place), next, isLazy));
    return place;
  };
  const repeat = (
    { node: body, least, most, isLazy }: Extract<PatternNode, { kind: 'repeat' }>,
    next: number,
  ): number => {
    let at = next;
    if (most === Infinity) at = loop(body, next, isLazy);
    else
      for (let count = least; count < most; count++)
        at = add({ kind: 'either', next: ordered(before(body, at), next, isLazy) });
    for (let count = 0; count < least; count++) at = before(body, at);
    return at;
  };
  /** Where to begin so that `one` is matched and then `next` follows. */
  const before = (one: PatternNode, next: number): number => {
    switch (one.kind) {
      case 'empty':
        return next;
      case 'characters':
        return add({ kind: 'character', set: one.set, next });
      case 'assertion':
        return add({ kind: 'assertion', holds: one.holds, next });
      case 'sequence':
        return one.parts.reduceRight((at, part) => before(part, at), next);
      case 'alternatives':
        return add({ kind: 'either', next: one.options.map((option) => before(option, next)) });
      case 'repeat':
        return repeat(one, next);
    }
  };
  return { start: before(node, 0), instructions };
}
