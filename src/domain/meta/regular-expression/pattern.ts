import { compilePattern, type Program } from './compile-pattern.ts';
import { findMatch, type Match } from './find-match.ts';
import { parsePattern } from './parse-pattern.ts';
import { PatternError } from './pattern-node.ts';
import { runProgram } from './run-program.ts';

/** Patterns kept ready; making one again costs less than a request. */
const maxPrograms = 64;
const programs = new Map<string, Program>();

/**
 * Whether a pattern of a user matches somewhere in a text of a user, as Go's regexp does: the same syntax, and in time linear to the text,
 * which V8's own engine does not promise. Undefined: it would have taken too long. Throws for text that is no pattern.
 */
export const matchesPattern = (pattern: string, text: string): boolean | undefined =>
  runProgram(programOf(pattern), text);

/** The first match at or after `from`, and of those that begin there the one that Go's regexp prefers; bounds and errors as above. */
export const findPattern = (pattern: string, text: string, from = 0): Match | 'none' | undefined =>
  findMatch(programOf(pattern), text, from);

/** What is wrong with a pattern, in Go's words. */
export function patternError(pattern: string): string | undefined {
  try {
    programOf(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

function programOf(pattern: string): Program {
  const program = programs.get(pattern) ?? compilePattern(parsePattern(pattern), pattern);
  programs.delete(pattern);
  programs.set(pattern, program);
  if (programs.size > maxPrograms) programs.delete(programs.keys().next().value!);
  return program;
}
