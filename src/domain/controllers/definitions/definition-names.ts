import { sameJson } from '../../meta/deep-equal.ts';
import type { CustomResourceDefinitionNames } from '../../meta/types.ts';
import type { ConditionState } from './definition-conditions.ts';

/** Names that are taken in a group, by what answers to them. */
export type TakenNames = { resources: ReadonlySet<string>; kinds: ReadonlySet<string> };

export type NamesDecision = { accepted: CustomResourceDefinitionNames; condition: ConditionState };

/**
 * Names are given to whoever asks first; a definition keeps those that it has until it gets the new ones (apiextensions-apiserver
 * pkg/controller/status/naming_controller.go).
 */
export function decideNames(
  wanted: CustomResourceDefinitionNames,
  current: CustomResourceDefinitionNames,
  taken: TakenNames,
): NamesDecision {
  const conflicts = [
    ...single('plural', 'PluralConflict', taken.resources, wanted, current),
    ...single('singular', 'SingularConflict', taken.resources, wanted, current),
    ...shortNames(taken.resources, wanted, current),
    ...single('kind', 'KindConflict', taken.kinds, wanted, current),
    ...single('listKind', 'ListKindConflict', taken.kinds, wanted, current),
  ];
  const refused = new Set(conflicts.map(({ name }) => name));
  const accepted = Object.fromEntries(
    allNames.flatMap((name) => {
      const given = refused.has(name) ? current[name] : wanted[name];
      return given === undefined ? [] : [[name, given]];
    }),
  ) as unknown as CustomResourceDefinitionNames;
  const last = conflicts.at(-1);
  return { accepted, condition: last === undefined ? noConflicts : last.condition };
}

type Name = keyof CustomResourceDefinitionNames;
const allNames: readonly Name[] = ['plural', 'singular', 'shortNames', 'kind', 'listKind', 'categories'];
type Conflict = { name: Name; condition: ConditionState };

const noConflicts: ConditionState = {
  type: 'NamesAccepted',
  status: 'True',
  reason: 'NoConflicts',
  message: 'no conflicts found',
};

const conflict = (name: Name, reason: string, message: string): Conflict[] => [
  { name, condition: { type: 'NamesAccepted', status: 'False', reason, message } },
];

const inUse = (name: string): string => `${JSON.stringify(name)} is already in use`;

function single(
  name: 'plural' | 'singular' | 'kind' | 'listKind',
  reason: string,
  taken: ReadonlySet<string>,
  wanted: CustomResourceDefinitionNames,
  current: CustomResourceDefinitionNames,
): Conflict[] {
  const value = wanted[name] ?? '';
  return value === current[name] || !taken.has(value) ? [] : conflict(name, reason, inUse(value));
}

function shortNames(
  taken: ReadonlySet<string>,
  { shortNames: wanted = [] }: CustomResourceDefinitionNames,
  { shortNames: current = [] }: CustomResourceDefinitionNames,
): Conflict[] {
  if (sameJson(wanted, current)) return [];
  const used = wanted.filter((name) => !current.includes(name) && taken.has(name)).map(inUse);
  if (used.length === 0) return [];
  return conflict('shortNames', 'ShortNamesConflict', used.length === 1 ? used[0]! : `[${used.join(', ')}]`);
}
