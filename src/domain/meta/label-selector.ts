import type { LabelSelector } from './types.ts';
import { badRequest } from './status-error.ts';

export type Labels = Readonly<Record<string, string>>;

/** One clause of a selector; all clauses must hold (apimachinery pkg/labels/selector.go). */
export type Requirement = {
  key: string;
  operator: 'in' | 'notin' | 'exists' | 'doesnotexist';
  values: readonly string[];
};

export type Selector = readonly Requirement[];

/** `notin` also holds where the label is absent. */
const holds = ({ key, operator, values }: Requirement, labels: Labels): boolean => {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case 'doesnotexist':
      return value === undefined;
    case 'in':
      return value !== undefined && values.includes(value);
    case 'notin':
      return value === undefined || !values.includes(value);
  }
};

export const matches = (selector: Selector, labels: Labels | undefined): boolean =>
  selector.every((requirement) => holds(requirement, labels ?? {}));

const key = String.raw`[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?`;
const value = String.raw`(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?`;
const setClause = new RegExp(String.raw`^(${key})\s+(in|notin)\s*\(([^()]*)\)$`);
const equalClause = new RegExp(String.raw`^(${key})\s*(=|==|!=)\s*(${value})$`);
const existsClause = new RegExp(String.raw`^(!?)\s*(${key})$`);
const wholeValue = new RegExp(`^${value}$`);

/** Splits at commas outside parentheses. */
const clauses = (text: string): string[] => text.split(/,(?![^(]*\))/).map((clause) => clause.trim());

function parseClause(clause: string): Requirement | undefined {
  const set = setClause.exec(clause);
  if (set) {
    const values = set[3]!.split(',').map((v) => v.trim());
    return values.every((v) => wholeValue.test(v))
      ? { key: set[1]!, operator: set[2] as 'in' | 'notin', values }
      : undefined;
  }
  const equal = equalClause.exec(clause);
  if (equal) return { key: equal[1]!, operator: equal[2] === '!=' ? 'notin' : 'in', values: [equal[3]!] };
  const exists = existsClause.exec(clause);
  if (exists) return { key: exists[2]!, operator: exists[1] === '!' ? 'doesnotexist' : 'exists', values: [] };
  return undefined;
}

/** The text form of query parameters. Empty selects everything; a text that does not parse is a 400. */
export function parseSelector(text: string): Selector {
  if (text.trim() === '') return [];
  return clauses(text).map((clause) => {
    const requirement = parseClause(clause);
    if (!requirement)
      throw badRequest(`unable to parse requirement: invalid label selector: "${clause.slice(0, 200)}"`);
    return requirement;
  });
}

/** Selector of a set of exact labels, as Service and ReplicationController have it. */
export const selectorOf = (labels: Labels): Selector =>
  Object.entries(labels).map(([k, v]) => ({ key: k, operator: 'in', values: [v] }));

/** The structured form (metav1.LabelSelector). An empty one selects everything, an absent one nothing. */
export function fromLabelSelector(selector: LabelSelector | undefined): Selector | undefined {
  if (selector === undefined) return undefined;
  const expressions = (selector.matchExpressions ?? []).map((e): Requirement => ({
    key: e.key,
    operator: e.operator.toLowerCase() as Requirement['operator'],
    values: e.values ?? [],
  }));
  return [...selectorOf(selector.matchLabels ?? {}), ...expressions];
}
