/** One step into a value. A path is a list of them. */
export type JsonPathStep =
  /** The first of these that there are, each a field or an index: `.name`, `['name']`, `[0]`, `[-1]`, `['a','b']`. */
  | { readonly kind: 'members'; readonly keys: readonly (string | number)[] }
  | { readonly kind: 'all' }
  | {
      readonly kind: 'slice';
      readonly from: number | undefined;
      readonly to: number | undefined;
      readonly step: number;
    }
  /** Everything at any depth. */
  | { readonly kind: 'descendants' }
  | { readonly kind: 'filter'; readonly left: Operand; readonly operator: Operator; readonly right: Operand };

export type Operator = '==' | '!=' | '<=' | '>=' | '<' | '>' | 'exists';

export type Operand =
  | { readonly kind: 'literal'; readonly value: unknown }
  /** From the element that is being filtered. */
  | { readonly kind: 'path'; readonly steps: readonly JsonPathStep[] };
