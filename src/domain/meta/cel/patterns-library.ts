import { PatternError } from '../regular-expression/pattern-node.ts';
import { findPattern, matchesPattern } from '../regular-expression/pattern.ts';
import type { Budget } from './budget.ts';
import { CostError, EvaluationError } from './cel-error.ts';
import { declare, type Declaration } from './function-table.ts';
import { ListValue } from './value.ts';

/** One character times one character of the pattern costs this much; Kubernetes estimates a quarter of the pattern's length too. */
const unitsPerStep = 1 / 40;

function bounded<T>(text: string, pattern: string, budget: Budget, run: () => T | undefined): T {
  budget.spend((text.length + 1) * pattern.length * unitsPerStep);
  try {
    const answer = run();
    if (answer === undefined) throw new CostError('operation cancelled: actual cost limit exceeded');
    return answer;
  } catch (error) {
    throw error instanceof PatternError ? new EvaluationError(error.message) : error;
  }
}

const matches = (text: string, pattern: string, budget: Budget): boolean =>
  bounded(text, pattern, budget, () => matchesPattern(pattern, text));

function findAll(text: string, pattern: string, most: bigint, budget: Budget): ListValue {
  const found: string[] = [];
  let at = 0;
  while (at <= text.length && (most < 0n || found.length < Number(most))) {
    const rest = text.slice(at);
    const match = bounded(rest, pattern, budget, () => findPattern(pattern, text, at));
    if (match === 'none') break;
    found.push(text.slice(match.start, match.end));
    at = match.end > match.start ? match.end : match.end + 1;
  }
  return ListValue.of(found);
}

function find(text: string, pattern: string, budget: Budget): string {
  const match = bounded(text, pattern, budget, () => findPattern(pattern, text));
  return match === 'none' ? '' : text.slice(match.start, match.end);
}

/** Regular expressions, in linear time (apiserver pkg/cel/library/regex.go). */
export const patternsLibrary = (): readonly Declaration[] => [
  declare('matches(string, string): bool', matches),
  declare('string -> matches(string): bool', matches),
  declare('string -> find(string): string', find),
  declare('string -> findAll(string): list<string>', (text: string, pattern: string, budget: Budget) =>
    findAll(text, pattern, -1n, budget),
  ),
  declare('string -> findAll(string, int): list<string>', findAll),
];
