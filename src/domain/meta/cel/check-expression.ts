import { ExpressionError } from './cel-error.ts';
import {
  bool,
  bytes,
  double,
  dyn,
  formatType,
  int,
  isAssignable,
  joinTypes,
  listType,
  mapType,
  optionalType,
  plain,
  string,
  substitute,
  type CelType,
} from './cel-type.ts';
import type { Element, Expression, Macro } from './expression.ts';
import type { FunctionTable } from './function-table.ts';
import { Uint, type Value } from './value.ts';

/** Variables by name. */
export type Declarations = ReadonlyMap<string, CelType>;

/** Names of types are values. */
const typeNames = new Set(
  'bool bytes double dyn int list map null_type optional_type string type uint google.protobuf.Timestamp google.protobuf.Duration net.IP net.CIDR'.split(
    ' ',
  ),
);
export const isTypeName = (name: string): boolean => typeNames.has(name);

/**
 * The type of what an expression answers; throws ExpressionError for names, fields and functions that there are not, and for arguments that
 * no function takes (cel-go checker/checker.go).
 */
export function checkExpression(expression: Expression, variables: Declarations, functions: FunctionTable): CelType {
  const check = (node: Expression, scope: Declarations): CelType => {
    switch (node.kind) {
      case 'literal':
        return typeOfLiteral(node.value);
      case 'name':
        return typeOfName(node.name, node.offset, scope);
      case 'select':
        return checkSelect(node, scope);
      case 'call':
        return checkCall(node, scope);
      case 'logic': {
        const types = node.operands.map((operand) => check(operand, scope));
        if (!types.every((type) => isAssignable(bool, type)))
          throw noOverload(`_${node.operator}_`, false, types, node.offset);
        return bool;
      }
      case 'choice': {
        const condition = check(node.condition, scope);
        const [yes, no] = [check(node.yes, scope), check(node.no, scope)];
        if (!isAssignable(bool, condition) || !(isAssignable(yes, no) || isAssignable(no, yes)))
          throw noOverload('_?_:_', false, [condition, yes, no], node.offset);
        return isAssignable(yes, no) && yes.kind !== 'plain' ? yes : yes.kind === 'dyn' ? yes : no;
      }
      case 'list':
        return listType(
          joinTypes(node.elements.map(({ value, isOptional }) => [present(value, isOptional, scope), value.offset])),
        );
      case 'map':
        return mapType(
          joinTypes(node.entries.map(({ key }) => [check(key, scope), key.offset])),
          joinTypes(node.entries.map(({ value, isOptional }) => [present(value, isOptional, scope), value.offset])),
        );
      case 'macro':
        return checkMacro(node, node.offset, scope);
    }
  };

  const present = (value: Expression, isOptional: boolean, scope: Declarations): CelType => {
    const type = check(value, scope);
    if (!isOptional) return type;
    if (type.kind === 'optional') return type.of;
    if (type.kind === 'dyn') return dyn;
    throw new ExpressionError(
      `expected type 'optional_type(${formatType(type)})' but found '${formatType(type)}'`,
      value.offset,
    );
  };

  const checkMixed = (elements: readonly Element[], scope: Declarations): CelType => {
    for (const { value, isOptional } of elements) present(value, isOptional, scope);
    return listType(dyn);
  };

  const checkSelect = (node: Expression & { kind: 'select' }, scope: Declarations): CelType => {
    const dotted = dottedName(node);
    const variable = dotted === undefined ? undefined : scope.get(dotted);
    if (variable !== undefined) return variable;
    if (dotted !== undefined && isTypeName(dotted)) return plain('type');
    const operand = check(node.operand, scope);
    const isInOptional = operand.kind === 'optional';
    const field = fieldType(isInOptional ? operand.of : operand, node.field, node.offset);
    if (node.mode === 'test') return bool;
    return node.mode === 'optional' || isInOptional ? optionalType(field) : field;
  };

  const checkCall = ({ name, isMember, args, offset }: Expression & { kind: 'call' }, scope: Declarations): CelType => {
    const overloads = functions.get(name);
    if (overloads === undefined)
      throw new ExpressionError(`undeclared reference to '${name}' (in container '')`, offset);
    // Only these may be of different types although they stand in one list (cel-go ext/strings.go).
    const types = args.map((arg) =>
      name === 'format' && arg.kind === 'list' ? checkMixed(arg.elements, scope) : check(arg, scope),
    );
    const fitting = overloads.flatMap(({ isMember: wantsMember, takes, answers }) => {
      const bindings = new Map<string, CelType>();
      const fits =
        wantsMember === isMember &&
        takes.length === types.length &&
        takes.every((wanted, index) => isAssignable(wanted, types[index]!, bindings));
      return fits ? [substitute(answers, bindings)] : [];
    });
    const [first, ...others] = fitting;
    if (first === undefined) throw noOverload(name, isMember, types, offset);
    return others.every((other) => formatType(other) === formatType(first)) ? first : dyn;
  };

  const checkMacro = (macro: Macro, offset: number, scope: Declarations): CelType => {
    const range = check(macro.range, scope);
    const names = macro.variables;
    const scopeWith = (types: readonly CelType[]) =>
      new Map([...scope, ...names.map((name, index) => [name, types[index]!] as const)]);
    if (macro.name === 'optMap' || macro.name === 'optFlatMap') {
      if (range.kind !== 'optional' && range.kind !== 'dyn') throw noOverload(macro.name, true, [range], offset);
      const result = check(macro.result!, scopeWith([range.kind === 'optional' ? range.of : dyn]));
      return macro.name === 'optMap' ? optionalType(result) : result;
    }
    const [key, element] = elementTypes(range, macro.range.offset);
    const inner = scopeWith(names.length === 1 ? [range.kind === 'map' ? key : element] : [key, element]);
    if (macro.condition) {
      const condition = check(macro.condition, inner);
      if (!isAssignable(bool, condition))
        throw new ExpressionError(`expected type 'bool' but found '${formatType(condition)}'`, macro.condition.offset);
    }
    const result = macro.result && check(macro.result, inner);
    switch (macro.name) {
      case 'filter':
        return listType(names.length === 1 && range.kind === 'map' ? key : element);
      case 'map':
      case 'transformList':
        return listType(result!);
      case 'transformMap':
        return mapType(key, result!);
      case 'transformMapEntry':
        if (result!.kind !== 'map' && result!.kind !== 'dyn')
          throw noOverload(macro.name, true, [range, result!], offset);
        return result!.kind === 'map' ? result! : mapType(dyn, dyn);
      case 'all':
      case 'exists':
      case 'exists_one':
        return bool;
    }
  };

  return check(expression, variables);
}

/** `a.b.c` where it could be one name. */
export function dottedName(node: Expression): string | undefined {
  if (node.kind === 'name') return node.name;
  if (node.kind !== 'select' || node.mode !== 'value') return undefined;
  const operand = dottedName(node.operand);
  return operand === undefined ? undefined : `${operand}.${node.field}`;
}

function typeOfName(name: string, offset: number, scope: Declarations): CelType {
  const type = scope.get(name);
  if (type) return type;
  if (isTypeName(name)) return plain('type');
  throw new ExpressionError(`undeclared reference to '${name}' (in container '')`, offset);
}

function typeOfLiteral(value: Value): CelType {
  if (value === null) return plain('null');
  if (typeof value === 'boolean') return bool;
  if (typeof value === 'bigint') return int;
  if (typeof value === 'number') return double;
  if (typeof value === 'string') return string;
  return value instanceof Uint ? plain('uint') : bytes;
}

function fieldType(type: CelType, field: string, offset: number): CelType {
  if (type.kind === 'dyn') return dyn;
  if (type.kind === 'map') return type.of;
  const found = type.kind === 'object' ? type.field(field) : undefined;
  if (found) return found;
  throw new ExpressionError(
    type.kind === 'object'
      ? `undefined field '${field}'`
      : `type '${formatType(type)}' does not support field selection`,
    offset,
  );
}

function elementTypes(range: CelType, offset: number): readonly [key: CelType, element: CelType] {
  if (range.kind === 'list') return [int, range.of];
  if (range.kind === 'map') return [range.key, range.of];
  if (range.kind === 'dyn') return [dyn, dyn];
  throw new ExpressionError(
    `expression of type '${formatType(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
    offset,
  );
}

function noOverload(name: string, isMember: boolean, types: readonly CelType[], offset: number): ExpressionError {
  const texts = types.map(formatType);
  const applied = isMember ? `${texts[0]}.(${texts.slice(1).join(', ')})` : `(${texts.join(', ')})`;
  return new ExpressionError(`found no matching overload for '${name}' applied to '${applied}'`, offset);
}
