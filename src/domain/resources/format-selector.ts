import type { Labels } from '../meta/label-selector.ts';
import type { LabelSelector } from '../meta/types.ts';

type Expression = NonNullable<LabelSelector['matchExpressions']>[number];

const clauseOf = ({ key, operator, values = [] }: Expression): string => {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  return `${key} ${operator.toLowerCase()} (${values.toSorted().join(',')})`;
};

const listed = (clauses: readonly { key: string; text: string }[]): string =>
  clauses
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ text }) => text)
    .join(',') || '<none>';

/** `a=b,c=d` in the order of the keys (apimachinery pkg/labels FormatLabels). */
export const formatLabels = (labels: Labels | undefined): string =>
  listed(Object.entries(labels ?? {}).map(([key, value]) => ({ key, text: `${key}=${value}` })));

/** The selector as `kubectl -l` takes it (apimachinery pkg/apis/meta/v1 FormatLabelSelector). */
export const formatSelector = (selector: LabelSelector | undefined): string =>
  listed([
    ...Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({ key, text: `${key}=${value}` })),
    ...(selector?.matchExpressions ?? []).map((expression) => ({ key: expression.key, text: clauseOf(expression) })),
  ]);
