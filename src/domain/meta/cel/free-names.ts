import type { Expression } from './expression.ts';

/** The names in an expression that are not variables of its own macros. */
export function freeNames(node: Expression): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (one: Expression | undefined, bound: ReadonlySet<string>): void => {
    if (one === undefined) return;
    switch (one.kind) {
      case 'literal':
        return;
      case 'name':
        if (!bound.has(one.name)) names.add(one.name);
        return;
      case 'select':
        return collect(one.operand, bound);
      case 'call':
        return one.args.forEach((arg) => collect(arg, bound));
      case 'logic':
        return one.operands.forEach((operand) => collect(operand, bound));
      case 'choice':
        return [one.condition, one.yes, one.no].forEach((part) => collect(part, bound));
      case 'list':
        return one.elements.forEach(({ value }) => collect(value, bound));
      case 'map':
        return one.entries.forEach(({ key, value }) => [key, value].forEach((part) => collect(part, bound)));
      case 'macro': {
        collect(one.range, bound);
        const inner = new Set([...bound, ...one.variables]);
        return [one.condition, one.result].forEach((part) => collect(part, inner));
      }
    }
  };
  collect(node, new Set());
  return names;
}
