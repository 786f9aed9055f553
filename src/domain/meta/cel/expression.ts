import type { Value } from './value.ts';

/** A parsed expression. `offset` is where it stands in its text, `depth` how far it is nested. */
export type Expression = { readonly offset: number; readonly depth: number } & ExpressionKind;

export type ExpressionKind =
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'select'; readonly operand: Expression; readonly field: string; readonly mode: SelectMode }
  | { readonly kind: 'call'; readonly name: string; readonly isMember: boolean; readonly args: readonly Expression[] }
  /** `&&` and `||` of any length, so that a long chain is not deep. */
  | { readonly kind: 'logic'; readonly operator: '&&' | '||'; readonly operands: readonly Expression[] }
  | { readonly kind: 'choice'; readonly condition: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: 'list'; readonly elements: readonly Element[] }
  | { readonly kind: 'map'; readonly entries: readonly Entry[] }
  | ({ readonly kind: 'macro' } & Macro);

/** `a.b`, `has(a.b)`, `a.?b`. */
export type SelectMode = 'value' | 'test' | 'optional';

/** An optional one is left out when it is none. */
export type Element = { readonly value: Expression; readonly isOptional: boolean };
export type Entry = { readonly key: Expression; readonly value: Expression; readonly isOptional: boolean };

export type Macro = {
  readonly name: MacroName;
  readonly range: Expression;
  /** One: the element, or the key of a map. Two: index or key, and the element. */
  readonly variables: readonly string[];
  /** Which elements count, or undefined for all. */
  readonly condition: Expression | undefined;
  /** What becomes of an element. */
  readonly result: Expression | undefined;
};

export type MacroName =
  | 'all'
  | 'exists'
  | 'exists_one'
  | 'filter'
  | 'map'
  | 'transformList'
  | 'transformMap'
  | 'transformMapEntry'
  | 'optMap'
  | 'optFlatMap';
