import type { Budget } from '../../meta/cel/budget.ts';
import { EvaluationError } from '../../meta/cel/cel-error.ts';
import type { Scope } from '../../meta/cel/evaluation.ts';
import { readDynamic } from '../../meta/cel/typed-value.ts';
import { ObjectValue, type Value } from '../../meta/cel/value.ts';
import type { KubernetesObject } from '../../meta/types.ts';
import { evaluateAdmission, type Evaluated } from '../evaluate-conditions.ts';

type Variable = { name: string; expression: string };

export type PolicyScopeOptions = {
  request: Scope;
  params: KubernetesObject | null;
  namespaceObject: KubernetesObject | undefined;
  variables: readonly Variable[];
  budget: Budget;
};

/** What the expressions of a policy know. A variable is computed when it is first asked for, and once. */
export function policyScope({ request, params, namespaceObject, variables, budget }: PolicyScopeOptions): Scope {
  const known = new Map<string, Evaluated>();
  const scope: Scope = (name) => {
    if (name === 'params') return readDynamic(params);
    if (name === 'namespaceObject') return readDynamic(namespaceObject);
    return name === 'variables' ? computed : request(name);
  };
  const field = (name: string): Value | undefined => {
    const variable = variables.find((one) => one.name === name);
    if (variable === undefined) return undefined;
    const answer = known.get(name) ?? evaluateAdmission(variable.expression, scope, budget);
    known.set(name, answer);
    if (answer.kind === 'value') return answer.value;
    throw new EvaluationError(`composited variable "${name}" fails to evaluate: ${answer.message}`);
  };
  const names = () => variables.map(({ name }) => name);
  const computed = new ObjectValue('kubernetes.variables', {}, { field, byJsonName: field, names });
  return scope;
}
