import type { Budget } from './budget.ts';
import { EvaluationError } from './cel-error.ts';
import type { CelType } from './cel-type.ts';
import { dottedName, isTypeName } from './check-expression.ts';
import { evaluateMacro } from './evaluate-macro.ts';
import type { Evaluation, Scope } from './evaluation.ts';
import type { Expression } from './expression.ts';
import type { Overload } from './function-table.ts';
import { keyText, mapOf } from './map-value.ts';
import { isMap, kindOf, ListValue, ObjectValue, Optional, TypeValue, type Value } from './value.ts';

/** What the expression answers; throws EvaluationError, and CostError when it costs more than it may. */
export function evaluateExpression(node: Expression, scope: Scope, evaluation: Evaluation): Value {
  evaluation.budget.spend(1);
  const value = answer(node, scope, evaluation);
  payForBytes(value, evaluation.budget);
  return value;
}

/** They are decoded wherever they are read. */
function payForBytes(value: Value | undefined, budget: Budget): void {
  if (value instanceof Uint8Array) budget.spend(value.length / 10);
}

function answer(node: Expression, scope: Scope, evaluation: Evaluation): Value {
  const evaluate = (inner: Expression): Value => evaluateExpression(inner, scope, evaluation);
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'name':
      return valueOfName(node.name, scope);
    case 'select':
      return select(node, scope, evaluate, evaluation.budget);
    case 'call':
      return callFunction(node.name, node.isMember, node.args.map(evaluate), evaluation);
    case 'logic':
      return decide(node.operator === '||', node.operands, evaluate);
    case 'choice': {
      const condition = evaluate(node.condition);
      if (typeof condition !== 'boolean') throw new EvaluationError('no such overload');
      return evaluate(condition ? node.yes : node.no);
    }
    case 'list':
      return ListValue.of(
        node.elements.flatMap(({ value, isOptional }) => {
          const element = evaluate(value);
          return isOptional ? present(element) : [element];
        }),
      );
    case 'map':
      return mapOf(
        node.entries.flatMap(({ key, value, isOptional }) => {
          const name = evaluate(key);
          if (keyText(name) === undefined) throw new EvaluationError('unsupported key type');
          const element = evaluate(value);
          return (isOptional ? present(element) : [element]).map((one) => [name, one] as const);
        }),
      );
    case 'macro':
      return evaluateMacro(node, scope, evaluation, evaluateExpression);
  }
}

function present(value: Value): readonly Value[] {
  if (!(value instanceof Optional)) throw new EvaluationError('no such overload');
  return value.value === undefined ? [] : [value.value];
}

function valueOfName(name: string, scope: Scope): Value {
  const value = scope(name);
  if (value !== undefined) return value;
  if (isTypeName(name)) return new TypeValue(name);
  throw new EvaluationError(`no such attribute(s): ${name}`);
}

function select(
  node: Expression & { kind: 'select' },
  scope: Scope,
  evaluate: (inner: Expression) => Value,
  budget: Budget,
): Value {
  const dotted = dottedName(node);
  const variable = dotted === undefined ? undefined : scope(dotted);
  if (variable !== undefined) return variable;
  if (dotted !== undefined && isTypeName(dotted) && scope(dotted.split('.')[0]!) === undefined)
    return new TypeValue(dotted);
  const operand = evaluate(node.operand);
  const isInOptional = operand instanceof Optional;
  const from = isInOptional ? operand.value : operand;
  const found = from === undefined ? undefined : fieldOf(from, node.field);
  payForBytes(found, budget);
  if (node.mode === 'test') return found !== undefined;
  if (node.mode === 'optional' || isInOptional) return found === undefined ? Optional.none : new Optional(found);
  if (found === undefined) throw new EvaluationError(`no such key: ${node.field}`);
  return found;
}

function fieldOf(value: Value, name: string): Value | undefined {
  if (value instanceof ObjectValue) return value.field(name);
  if (isMap(value)) return value.get(name);
  throw new EvaluationError('no such overload');
}

/** An operand that fails does not matter when another one decides (cel-spec: logical operators are commutative). */
function decide(deciding: boolean, operands: readonly Expression[], evaluate: (inner: Expression) => Value): boolean {
  let failure: EvaluationError | undefined;
  for (const operand of operands) {
    try {
      const value = evaluate(operand);
      if (typeof value !== 'boolean') throw new EvaluationError('no such overload');
      if (value === deciding) return deciding;
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      failure ??= error;
    }
  }
  if (failure) throw failure;
  return !deciding;
}

/** Calls the overload that the values' kinds ask for. */
function callFunction(
  name: string,
  isMember: boolean,
  args: readonly Value[],
  { functions, budget }: Evaluation,
): Value {
  for (const arg of args) if (typeof arg === 'string') budget.spend(arg.length / 10);
  const overload = functions.get(name)?.find((one) => fits(one, isMember, args));
  if (!overload) throw new EvaluationError('no such overload');
  return overload.call(...args, budget);
}

const fits = ({ isMember: wantsMember, takes }: Overload, isMember: boolean, args: readonly Value[]): boolean =>
  wantsMember === isMember && takes.length === args.length && takes.every((type, index) => hasKind(args[index]!, type));

function hasKind(value: Value, type: CelType): boolean {
  if (type.kind === 'dyn' || type.kind === 'parameter') return true;
  return kindOf(value) === (type.kind === 'plain' ? type.name : type.kind);
}
