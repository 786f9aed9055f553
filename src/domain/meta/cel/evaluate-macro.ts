import type { Budget } from './budget.ts';
import { EvaluationError } from './cel-error.ts';
import type { Evaluate, Evaluation, Scope } from './evaluation.ts';
import type { Expression, Macro } from './expression.ts';
import { mapOf } from './map-value.ts';
import { isMap, ListValue, Optional, type Value } from './value.ts';

type Pair = readonly [key: Value, element: Value];

/** Goes through a list or map (cel-spec: comprehensions). */
export function evaluateMacro(macro: Macro, scope: Scope, evaluation: Evaluation, evaluate: Evaluate): Value {
  const range = evaluate(macro.range, scope, evaluation);
  const { budget } = evaluation;
  if (macro.name === 'optMap' || macro.name === 'optFlatMap')
    return mapOptional(macro, range, (node, inner) => evaluate(node, inner, evaluation), scope);
  const [first, second] = macro.variables;
  const within =
    ([key, element]: Pair): Scope =>
    (name) => {
      if (second === undefined) return name === first ? (isMap(range) ? key : element) : scope(name);
      if (name === second) return element;
      return name === first ? key : scope(name);
    };
  const run = (inner: Expression, pair: Pair): Value => evaluate(inner, within(pair), evaluation);
  const holds = (pair: Pair): boolean => {
    if (!macro.condition) return true;
    const condition = run(macro.condition, pair);
    if (typeof condition !== 'boolean') throw new EvaluationError('no such overload');
    return condition;
  };
  const kept = () => [...pairsOf(range, budget)].filter(holds);
  switch (macro.name) {
    case 'all':
      return !decides(pairsOf(range, budget), false, holds);
    case 'exists':
      return decides(pairsOf(range, budget), true, holds);
    case 'exists_one':
      return kept().length === 1;
    case 'filter':
      return ListValue.of(kept().map(([key, element]) => (second === undefined && isMap(range) ? key : element)));
    case 'map':
    case 'transformList':
      return ListValue.of(kept().map((pair) => run(macro.result!, pair)));
    case 'transformMap':
      return mapOf(kept().map((pair) => [pair[0], run(macro.result!, pair)]));
    case 'transformMapEntry':
      return mapOf(kept().flatMap((pair) => [...pairsOf(run(macro.result!, pair), budget)]));
  }
}

function* pairsOf(range: Value, budget: Budget): Generator<Pair> {
  if (range instanceof ListValue || isMap(range)) budget.spend(range.size);
  if (range instanceof ListValue) {
    for (let index = 0; index < range.size; index++) yield paid([BigInt(index), range.at(index)], budget);
    return;
  }
  if (!isMap(range)) throw new EvaluationError('no such overload');
  for (const key of range.keys()) yield paid([key, range.get(key)!], budget);
}

function paid(pair: Pair, budget: Budget): Pair {
  if (pair[1] instanceof Uint8Array) budget.spend(pair[1].length / 10);
  return pair;
}

/** Whether one of them answers `deciding`; a failure counts only when none does. */
function decides(pairs: Iterable<Pair>, deciding: boolean, holds: (pair: Pair) => boolean): boolean {
  let failure: EvaluationError | undefined;
  for (const pair of pairs) {
    try {
      if (holds(pair) === deciding) return true;
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      failure ??= error;
    }
  }
  if (failure) throw failure;
  return false;
}

function mapOptional(
  { name, variables, result }: Macro,
  range: Value,
  evaluate: (node: Expression, scope: Scope) => Value,
  scope: Scope,
): Value {
  if (!(range instanceof Optional)) throw new EvaluationError('no such overload');
  const { value } = range;
  if (value === undefined) return Optional.none;
  const answer = evaluate(result!, (one) => (one === variables[0] ? value : scope(one)));
  if (name === 'optMap') return new Optional(answer);
  if (answer instanceof Optional) return answer;
  throw new EvaluationError('no such overload');
}
