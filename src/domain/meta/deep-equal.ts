/** Equal as JSON: a key that is undefined counts as absent. Parts that both share are not looked into, which is most of them after an update. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && sameElements(a, b);
  return sameMembers(a as Members, b as Members);
}

type Members = Readonly<Record<string, unknown>>;

const sameElements = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((element, index) => sameJson(element, b[index]));

function sameMembers(a: Members, b: Members): boolean {
  const names = namesOf(a);
  return (
    names.length === namesOf(b).length && names.every((name) => Object.hasOwn(b, name) && sameJson(a[name], b[name]))
  );
}

const namesOf = (members: Members): string[] => Object.keys(members).filter((name) => members[name] !== undefined);
