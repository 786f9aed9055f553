import { matches, selectorOf } from '../meta/label-selector.ts';
import { metaOf } from '../meta/object-key.ts';
import type { Node, Pod, PodSpec } from '../meta/types.ts';

type Required = NonNullable<
  NonNullable<NonNullable<PodSpec['affinity']>['nodeAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>;
type Term = Required['nodeSelectorTerms'][number];
type Expression = NonNullable<Term['matchExpressions']>[number];

/** Whether the pod may be on the node by its labels and name (kubernetes component-helpers/scheduling/corev1/nodeaffinity). */
export function likesNode({ spec }: Pod, node: Node | undefined): boolean {
  const { name = '', labels = {} } = node ? metaOf(node) : {};
  const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return (
    matches(selectorOf(spec?.nodeSelector ?? {}), labels) &&
    (terms === undefined || terms.some((term) => termHolds(term, labels, { 'metadata.name': name })))
  );
}

/** One without any condition selects nothing. */
const termHolds = (
  { matchExpressions = [], matchFields = [] }: Term,
  labels: Readonly<Record<string, string>>,
  fields: Readonly<Record<string, string>>,
): boolean =>
  matchExpressions.length + matchFields.length > 0 &&
  matchExpressions.every((expression) => holds(expression, labels)) &&
  matchFields.every((expression) => holds(expression, fields));

function holds({ key, operator, values = [] }: Expression, known: Readonly<Record<string, string>>): boolean {
  const value = Object.hasOwn(known, key) ? known[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
    case 'Lt':
      return exceeds(operator, value, values[0]);
    default:
      return false;
  }
}

const integer = /^[+-]?\d{1,18}$/;

function exceeds(operator: 'Gt' | 'Lt', value: string | undefined, bound: string | undefined): boolean {
  if (value === undefined || bound === undefined || !integer.test(value) || !integer.test(bound)) return false;
  return operator === 'Gt' ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
}
