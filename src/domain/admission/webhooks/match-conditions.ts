import { Budget } from '../../meta/cel/budget.ts';
import { forbidden } from '../../meta/status-error.ts';
import { groupResource, type ResourceDefinition } from '../../resources/resource-definition.ts';
import { admissionVariables } from '../admission-variables.ts';
import type { AdmissionRequest, Lister } from '../chain.ts';
import { evaluateConditions } from '../evaluate-conditions.ts';
import type { Webhook } from './configured-webhooks.ts';

/** Whether a webhook wants to be asked: no condition is false (apiserver pkg/admission/plugin/webhook/matchconditions/matcher.go). */
export function meetsConditions(
  { matchConditions = [], failurePolicy }: Pick<Webhook, 'matchConditions' | 'failurePolicy'>,
  request: AdmissionRequest,
  resource: ResourceDefinition,
  lister: Lister,
): boolean {
  if (matchConditions.length === 0) return true;
  const outcome = evaluateConditions(
    matchConditions,
    admissionVariables(request, resource, lister),
    new Budget(budget),
  );
  if (outcome.kind !== 'failed') return outcome.kind === 'met';
  if (failurePolicy === 'Ignore') return false;
  throw forbidden(groupResource(request.definition), request.key.name, outcome.message);
}

/** Two fifths of Kubernetes' RuntimeCELCostBudgetMatchConditions: a quarter of a second on x86-64. */
const budget = 1_000_000;
