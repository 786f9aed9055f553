import { aggregate } from '../authorization/rbac-authorizer.ts';
import { admissionFunctions } from '../meta/cel/authorizer-library.ts';
import { Budget } from '../meta/cel/budget.ts';
import { evaluateCel } from '../meta/cel/cel.ts';
import { CostError, EvaluationError, ExpressionError } from '../meta/cel/cel-error.ts';
import type { Scope } from '../meta/cel/evaluation.ts';
import type { Value } from '../meta/cel/value.ts';

export type Outcome = { kind: 'met' } | { kind: 'unmet' } | { kind: 'failed'; message: string };

/** As Kubernetes (apiserver pkg/apis/cel/config.go PerCallLimit). */
const unitsPerExpression = 1_000_000;

export type Evaluated = { kind: 'value'; value: Value } | { kind: 'failed'; message: string };

/** Evaluates an expression about a write; one that fails says why. */
export function evaluateAdmission(expression: string, scope: Scope, budget: Budget): Evaluated {
  const text = expression.trim();
  try {
    const value = evaluateCel(text, scope, new Budget(unitsPerExpression, budget), admissionFunctions());
    return { kind: 'value', value };
  } catch (error) {
    if (!(error instanceof EvaluationError || error instanceof CostError || error instanceof ExpressionError))
      throw error;
    return { kind: 'failed', message: `expression '${text}' resulted in error: ${error.message}` };
  }
}

/** A condition that is false decides, whatever became of the others (apiserver pkg/admission/plugin/webhook/matchconditions/matcher.go). */
export function evaluateConditions(
  conditions: readonly { expression: string }[],
  scope: Scope,
  budget: Budget,
): Outcome {
  const results = conditions.map(({ expression }) => evaluateAdmission(expression, scope, budget));
  if (results.some((result) => result.kind === 'value' && result.value !== true)) return { kind: 'unmet' };
  const failures = results.flatMap((result) => (result.kind === 'failed' ? [result.message] : []));
  return failures.length === 0 ? { kind: 'met' } : { kind: 'failed', message: aggregate(failures) };
}
