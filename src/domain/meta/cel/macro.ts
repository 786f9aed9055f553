import { ExpressionError } from './cel-error.ts';
import type { Expression, Macro, MacroName } from './expression.ts';

type Form = {
  readonly name: MacroName;
  readonly variables: number;
  readonly hasCondition: boolean;
  readonly hasResult: boolean;
};

const form = (name: MacroName, variables: number, parts: string): Form => ({
  name,
  variables,
  hasCondition: parts.includes('c'),
  hasResult: parts.includes('r'),
});

/** By name and number of arguments (cel-go parser/macro.go, ext/comprehensions.go, cel/library.go). */
const forms = (): ReadonlyMap<string, Form> =>
  new Map([
    ['all/2', form('all', 1, 'c')],
    ['all/3', form('all', 2, 'c')],
    ['exists/2', form('exists', 1, 'c')],
    ['exists/3', form('exists', 2, 'c')],
    ['exists_one/2', form('exists_one', 1, 'c')],
    ['existsOne/2', form('exists_one', 1, 'c')],
    ['existsOne/3', form('exists_one', 2, 'c')],
    ['filter/2', form('filter', 1, 'c')],
    ['map/2', form('map', 1, 'r')],
    ['map/3', form('map', 1, 'cr')],
    ['transformList/3', form('transformList', 2, 'r')],
    ['transformList/4', form('transformList', 2, 'cr')],
    ['transformMap/3', form('transformMap', 2, 'r')],
    ['transformMap/4', form('transformMap', 2, 'cr')],
    ['transformMapEntry/3', form('transformMapEntry', 2, 'r')],
    ['transformMapEntry/4', form('transformMapEntry', 2, 'cr')],
    ['optMap/2', form('optMap', 1, 'r')],
    ['optFlatMap/2', form('optFlatMap', 1, 'r')],
  ]);

let known: ReadonlyMap<string, Form> | undefined;

/** The macro that a call stands for; undefined when it is a call. */
export function macroOf(called: string, range: Expression, args: readonly Expression[]): Macro | undefined {
  known ??= forms();
  const found = known.get(`${called}/${args.length}`);
  if (found === undefined) return undefined;
  const { name, variables, hasCondition, hasResult } = found;
  const rest = args.slice(variables);
  return {
    name,
    range,
    variables: args.slice(0, variables).map(variableName),
    condition: hasCondition ? rest[0] : undefined,
    result: hasResult ? rest.at(-1) : undefined,
  };
}

function variableName(argument: Expression): string {
  if (argument.kind !== 'name') throw new ExpressionError('argument must be a simple name', argument.offset);
  return argument.name;
}
