import type { CustomResourceDefinition } from '../../meta/types.ts';
import { apiApproval, isProtectedGroup } from '../../resources/api-approval.ts';
import { conditionOf, hasCondition } from '../../resources/custom-resource-definition.ts';
import { withCondition, type ConditionState } from './definition-conditions.ts';
import { decideNames, type TakenNames } from './definition-names.ts';

type Status = NonNullable<CustomResourceDefinition['status']>;

const noNames = { plural: '', kind: '' };

/**
 * What becomes of a definition that is there to stay: the names it gets, and whether its resource is served. Once served it stays so, under the
 * names that it had (apiextensions-apiserver pkg/controller/status and pkg/controller/establish).
 */
export function definitionStatus(definition: CustomResourceDefinition, taken: TakenNames, now: Date): Status {
  const { spec, status = {} } = definition;
  const { accepted, condition } = decideNames(spec.names, status.acceptedNames ?? noNames, taken);
  const established = hasCondition(definition, 'Established');
  const named = withCondition({ ...status, acceptedNames: accepted }, condition, now);
  const approval = approvalCondition(definition);
  return [
    ...(approval === undefined ? [] : [approval]),
    ...(established ? [] : [condition.status === 'True' ? establishedNow : notAccepted]),
  ].reduce((next, one) => withCondition(next, one, now), named);
}

const establishedNow: ConditionState = {
  type: 'Established',
  status: 'True',
  reason: 'InitialNamesAccepted',
  message: 'the initial names have been accepted',
};

const notAccepted: ConditionState = {
  type: 'Established',
  status: 'False',
  reason: 'NotAccepted',
  message: 'not all names are accepted',
};

const approvalReasons = {
  approved: 'ApprovedAnnotation',
  bypassed: 'UnapprovedAnnotation',
  missing: 'MissingAnnotation',
  invalid: 'InvalidAnnotation',
} as const;

/** pkg/controller/apiapproval */
function approvalCondition(definition: CustomResourceDefinition): ConditionState | undefined {
  if (!isProtectedGroup(definition.spec.group)) return undefined;
  const { state, reason: message } = apiApproval(definition);
  const status = state === 'approved' ? 'True' : 'False';
  return { type: 'KubernetesAPIApprovalPolicyConformant', status, reason: approvalReasons[state], message };
}

/** How far the end of a definition has come (pkg/controller/finalizer/crd_finalizer.go). */
export type Ending = 'pending' | 'deletingObjects' | 'empty';

const endings: Readonly<Record<Exclude<Ending, 'pending'>, Omit<ConditionState, 'type'>>> = {
  deletingObjects: {
    status: 'True',
    reason: 'InstanceDeletionInProgress',
    message: 'CustomResource deletion is in progress',
  },
  empty: { status: 'False', reason: 'InstanceDeletionCompleted', message: 'removed all instances' },
};

export function endingOf(definition: CustomResourceDefinition): Ending {
  const reason = conditionOf(definition, 'Terminating')?.reason;
  if (reason === endings.empty.reason) return 'empty';
  return reason === endings.deletingObjects.reason ? 'deletingObjects' : 'pending';
}

export const withEnding = (status: Status, ending: Exclude<Ending, 'pending'>, now: Date): Status =>
  withCondition(status, { type: 'Terminating', ...endings[ending] }, now);
