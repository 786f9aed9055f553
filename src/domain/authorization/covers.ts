import type { PolicyRule } from '../meta/types.ts';
import { pathMatches } from './rule-allows.ts';

/** A rule of one group, resource, name and verb, or one path and verb. */
type Part = PolicyRule;

export type Coverage =
  | { kind: 'covered' }
  /** What somebody would give away without having it. */
  | { kind: 'missing'; parts: readonly Part[] }
  /** A rule of a few thousand words has billions of parts. */
  | { kind: 'tooManyParts' };

/** Each is compared with every rule that the user has. */
const mostParts = 10_000;

/** Whether `owned` allows all that `wanted` does (kubernetes staging/src/k8s.io/component-helpers/auth/rbac/validation/policy_comparator.go Covers). */
export function coverage(owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): Coverage {
  const isCovered = (rule: PolicyRule) => owned.some((owner) => covers(owner, rule));
  const open = wanted.filter((rule) => !isCovered(rule));
  if (open.reduce((sum, rule) => sum + partCount(rule), 0) > mostParts) return { kind: 'tooManyParts' };
  const parts = open.flatMap(partsOf).filter((part) => !isCovered(part));
  return parts.length === 0 ? { kind: 'covered' } : { kind: 'missing', parts };
}

const partCount = ({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: PolicyRule) =>
  verbs.length * (apiGroups.length * resources.length * Math.max(1, resourceNames.length) + nonResourceURLs.length);

const partsOf = ({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: PolicyRule) =>
  verbs.flatMap((verb): Part[] => [
    ...apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        named({ apiGroups: [group], resources: [resource], verbs: [verb] }, resourceNames),
      ),
    ),
    ...nonResourceURLs.map((url) => ({ nonResourceURLs: [url], verbs: [verb] })),
  ]);

const named = (part: Part, names: readonly string[]): Part[] =>
  names.length === 0 ? [part] : names.map((name) => ({ ...part, resourceNames: [name] }));

/** Whether one rule allows all that another does. */
const covers = (owner: PolicyRule, rule: PolicyRule): boolean =>
  hasAll(owner.verbs, rule.verbs) &&
  hasAll(owner.apiGroups, rule.apiGroups) &&
  (rule.resources ?? []).every((resource) => coversResource(owner.resources ?? [], resource)) &&
  coversNames(owner.resourceNames ?? [], rule.resourceNames ?? []) &&
  (rule.nonResourceURLs ?? []).every((url) => owner.nonResourceURLs?.some((pattern) => pathMatches(pattern, url)));

const hasAll = (owned: readonly string[] = [], wanted: readonly string[] = []): boolean =>
  owned.includes('*') || wanted.every((value) => owned.includes(value));

function coversResource(owned: readonly string[], resource: string): boolean {
  if (owned.includes('*') || owned.includes(resource)) return true;
  const slash = resource.indexOf('/');
  return slash >= 0 && owned.includes(`*${resource.slice(slash)}`);
}

const coversNames = (owned: readonly string[], wanted: readonly string[]): boolean =>
  owned.length === 0 || (wanted.length > 0 && wanted.every((name) => owned.includes(name)));
