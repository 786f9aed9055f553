import { inside, isMember, leaf, nodeOf, type FieldSet } from './field-set.ts';
import type { MergeType } from './merge-type.ts';

/**
 * The set with every struct's field that has something of the set inside: who gives up `spec.strategy.type` gives up `spec.strategy` too
 * (structured-merge-diff fieldpath/set.go EnsureNamedFieldsAreMembers).
 */
export function withNamedFields(set: FieldSet, type: MergeType | undefined): FieldSet {
  const nodes = inside(set).map(([element, node]): [string, FieldSet] => {
    const { isNamed, inner } = step(type, element);
    return [element, nodeOf(isMember(node) || isNamed, withNamedFields(node, inner)) ?? leaf];
  });
  return Object.fromEntries(nodes);
}

function step(type: MergeType | undefined, element: string): { isNamed: boolean; inner: MergeType | undefined } {
  if (element.startsWith('k:')) return { isNamed: false, inner: type?.list?.element };
  if (!element.startsWith('f:')) return { isNamed: false, inner: undefined };
  const field = type?.map?.field(element.slice(2));
  return { isNamed: field !== undefined, inner: field?.type ?? type?.map?.element };
}
