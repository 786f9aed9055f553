import { Budget } from '../../meta/cel/budget.ts';
import type { Scope } from '../../meta/cel/evaluation.ts';
import type { KubernetesObject, ValidatingAdmissionPolicySpec } from '../../meta/types.ts';
import { evaluateAdmission, evaluateConditions } from '../evaluate-conditions.ts';
import { policyScope } from './policy-scope.ts';

/** What a policy has against a write. */
export type Objection = { message: string; reason: string };

export type Question = {
  request: Scope;
  params: KubernetesObject | null;
  namespaceObject: KubernetesObject | undefined;
};

type Validation = NonNullable<ValidatingAdmissionPolicySpec['validations']>[number];

/** A fifth of Kubernetes' RuntimeCELCostBudget: half a second on x86-64, for which nothing else is done. */
const unitsPerPolicy = 2_000_000;
const longestMessage = 5 * 1024;

/** apiserver pkg/admission/plugin/policy/validating/validator.go */
export function askPolicy(spec: ValidatingAdmissionPolicySpec, question: Question): Objection[] {
  const budget = new Budget(unitsPerPolicy);
  const { variables = [], matchConditions = [], validations = [], failurePolicy } = spec;
  const scope = policyScope({ ...question, variables, budget });
  const failed = (message: string): Objection[] => (failurePolicy === 'Ignore' ? [] : [{ message, reason: invalid }]);
  const conditions = evaluateConditions(matchConditions, scope, budget);
  if (conditions.kind === 'unmet') return [];
  if (conditions.kind === 'failed') return failed(conditions.message);
  return validations.flatMap((validation): Objection[] => {
    const result = evaluateAdmission(validation.expression, scope, budget);
    if (result.kind === 'failed') return failed(result.message);
    if (result.value === true) return [];
    return [{ message: messageOf(validation, scope, budget), reason: validation.reason ?? invalid }];
  });
}

const invalid = 'Invalid';

/** An expression that fails, or whose text is of no use, gives way to what is written. */
function messageOf({ expression, message, messageExpression }: Validation, scope: Scope, budget: Budget): string {
  const written = message?.trim() || `failed expression: ${expression.trim()}`;
  if (!messageExpression) return written;
  const result = evaluateAdmission(messageExpression, scope, budget);
  const text = result.kind === 'value' && typeof result.value === 'string' ? result.value.trim() : '';
  return text === '' || /[\r\n]/.test(text) || text.length > longestMessage ? written : text;
}
