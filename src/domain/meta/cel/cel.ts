import type { Budget } from './budget.ts';
import { displayError, ExpressionError } from './cel-error.ts';
import type { CelType } from './cel-type.ts';
import { checkExpression, type Declarations } from './check-expression.ts';
import { evaluateExpression } from './evaluate-expression.ts';
import type { Scope } from './evaluation.ts';
import type { Expression } from './expression.ts';
import { freeNames } from './free-names.ts';
import type { FunctionTable } from './function-table.ts';
import { kubernetesFunctions } from './kubernetes-functions.ts';
import { parseExpression } from './parse-expression.ts';
import type { Value } from './value.ts';

/** Expressions kept ready; reading one again costs some ten microseconds. Long ones are not kept. */
const maxExpressions = 128;
const longestKept = 2000;
const expressions = new Map<string, Expression>();
const namesOf = new WeakMap<Expression, ReadonlySet<string>>();

function expressionOf(text: string): Expression {
  const expression = expressions.get(text) ?? parseExpression(text);
  if (text.length > longestKept) return expression;
  expressions.delete(text);
  expressions.set(text, expression);
  if (expressions.size > maxExpressions) expressions.delete(expressions.keys().next().value!);
  return expression;
}

function namesOfExpression(expression: Expression): ReadonlySet<string> {
  const names = namesOf.get(expression) ?? freeNames(expression);
  namesOf.set(expression, names);
  return names;
}

export type Checked =
  | { readonly kind: 'valid'; readonly type: CelType; readonly names: ReadonlySet<string> }
  | { readonly kind: 'invalid'; readonly message: string };

/**
 * Whether the expression can be evaluated with variables of these types, and the type of its answer. `names` are the variables that it
 * uses; `message` is written as cel-go writes it.
 */
export function checkCel(
  text: string,
  variables: Declarations,
  functions: FunctionTable = kubernetesFunctions(),
): Checked {
  try {
    const expression = expressionOf(text);
    return {
      kind: 'valid',
      type: checkExpression(expression, variables, functions),
      names: namesOfExpression(expression),
    };
  } catch (error) {
    if (error instanceof ExpressionError) return { kind: 'invalid', message: displayError(error, text) };
    throw error;
  }
}

/**
 * Evaluates an expression that was checked. Throws EvaluationError for data that it cannot work with, and CostError when it costs more than
 * the budget. It runs in steps of bounded size that all are paid for, so the budget bounds both time and memory.
 */
export const evaluateCel = (
  text: string,
  scope: Scope,
  budget: Budget,
  functions: FunctionTable = kubernetesFunctions(),
): Value => evaluateExpression(expressionOf(text), scope, { functions, budget });

/** The variables that an expression uses; none when it cannot be read. */
export function namesIn(text: string): ReadonlySet<string> {
  try {
    return namesOfExpression(expressionOf(text));
  } catch (error) {
    if (error instanceof ExpressionError) return new Set();
    throw error;
  }
}
