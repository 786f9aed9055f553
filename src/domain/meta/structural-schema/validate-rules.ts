import { Budget } from '../cel/budget.ts';
import { evaluateCel, namesIn } from '../cel/cel.ts';
import { CostError, EvaluationError } from '../cel/cel-error.ts';
import type { Scope } from '../cel/evaluation.ts';
import { Optional, type Value } from '../cel/value.ts';
import { sameJson } from '../deep-equal.ts';
import { duplicate, forbiddenField, invalidValue, required, type FieldError } from '../field-error.ts';
import { correlatedElements } from './correlated-elements.ts';
import { declaredValue } from './declared-value.ts';
import { additionalSchema, propertySchema, type JsonSchema, type ValidationRule } from './json-schema.ts';
import { isObject } from './json-value.ts';
import { namedField } from './rule-field-path.ts';
import { joined } from './schema-error.ts';

/** As Kubernetes (apiserver pkg/apis/cel/config.go PerCallLimit). */
const unitsPerRule = 1_000_000;
/** A fifth of Kubernetes' RuntimeCELCostBudget: half a second on x86-64, a few on a small device, for which nothing else is done. */
const unitsPerObject = 2_000_000;

export type RuleOptions = {
  /** Where the value stands; the root is the empty text. */
  readonly field?: string;
  /** The value before; undefined when there was none. */
  readonly old?: unknown;
  /** It is an object of its own: what every resource has can be seen. */
  readonly isRoot?: boolean;
};

type Walk = { readonly budget: Budget; readonly errors: FieldError[] };

type Place = { readonly field: string; readonly name: string; readonly isRoot: boolean };

/** Holds a valid value against the rules of its schema, in the words of Kubernetes (apiextensions-apiserver pkg/apiserver/schema/cel/validation.go). */
export function validateRules(value: unknown, schema: JsonSchema, options: RuleOptions = {}): FieldError[] {
  if (!hasRules(schema)) return [];
  const { field = '', old, isRoot = false } = options;
  const walk: Walk = { budget: new Budget(unitsPerObject), errors: [] };
  try {
    validate(value, old, schema, { field, name: 'selfType', isRoot }, walk);
  } catch (error) {
    if (!(error instanceof CostError)) throw error;
  }
  return walk.errors;
}

/** Where nothing below has rules nobody looks. Schemas never change, so what was found of one holds as long as it is there. */
const withRules = new WeakMap<JsonSchema, boolean>();

export function hasRules(schema: JsonSchema): boolean {
  const known = withRules.get(schema);
  if (known !== undefined) return known;
  const inner = [
    ...Object.values(schema.properties ?? {}),
    ...[schema.items, additionalSchema(schema)].filter((one) => one !== undefined),
  ];
  const found = (schema['x-kubernetes-validations'] ?? []).length > 0 || inner.map(hasRules).includes(true);
  withRules.set(schema, found);
  return found;
}

function validate(value: unknown, old: unknown, schema: JsonSchema, place: Place, walk: Walk): void {
  if (!hasRules(schema)) return;
  for (const rule of schema['x-kubernetes-validations'] ?? []) applyRule(rule, value, old, schema, place, walk);
  const { field, name } = place;
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined || !hasRules(items)) return;
    const oldOf = correlatedElements(schema, old);
    for (const [index, element] of value.entries())
      validate(element, oldOf(element), items, inside(`${field}[${index}]`, `${name}.items`), walk);
  } else if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      const property = propertySchema(schema, key);
      const applies = property ?? additionalSchema(schema);
      if (applies === undefined) continue;
      const before = isObject(old) && Object.hasOwn(old, key) ? old[key] : undefined;
      const at = property === undefined ? `${field}[${key}]` : joined(field, key);
      validate(member, before, applies, inside(at, `${name}.${key}`), walk);
    }
  }
}

const inside = (field: string, name: string): Place => ({ field, name, isRoot: false });

function applyRule(
  rule: ValidationRule,
  value: unknown,
  old: unknown,
  schema: JsonSchema,
  { field, name, isRoot }: Place,
  { budget, errors }: Walk,
): void {
  const isTransition = namesIn(rule.rule).has('oldSelf');
  if (isTransition && old === undefined && rule.optionalOldSelf !== true) return;
  // What was wrong before and stays as it was is let through (KEP-4008).
  if (!isTransition && old !== undefined && sameJson(value, old)) return;
  const declared = declaredValue(schema, name, isRoot);
  if (declared === undefined) return;
  const scope: Scope = (variable) => {
    if (variable === 'self') return declared.read(value);
    if (variable !== 'oldSelf') return undefined;
    if (rule.optionalOldSelf !== true) return declared.read(old);
    return old === undefined ? Optional.none : new Optional(declared.read(old));
  };
  const evaluate = (text: string): Value => evaluateCel(text, scope, new Budget(unitsPerRule, budget));
  const at = field === '' ? nowhere : field;
  const type = schema.type ?? 'any';
  try {
    if (evaluate(rule.rule) === true) return;
    const path = rule.fieldPath === undefined ? at : (namedField(schema, rule.fieldPath, field) ?? at);
    errors.push(errorFor(rule.reason, path, type, messageOf(rule, evaluate)));
  } catch (error) {
    errors.push(invalidValue(at, type, failureText(error, rule, budget)));
    if (error instanceof CostError) throw error;
  }
}

/** How Go prints a path that was never begun. */
const nowhere = '<nil>';

function errorFor(reason: string | undefined, field: string, type: string, detail: string): FieldError {
  if (reason === 'FieldValueForbidden') return forbiddenField(field, detail);
  if (reason === 'FieldValueRequired') return required(field, detail);
  return reason === 'FieldValueDuplicate' ? duplicate(field, type) : invalidValue(field, type, detail);
}

const longestMessage = 5 * 1024;

/** An expression that fails, or whose text is of no use, gives way to what is written. */
function messageOf(rule: ValidationRule, evaluate: (text: string) => Value): string {
  const written = rule.message?.trim() || `failed rule: ${rule.rule.trim()}`;
  if (rule.messageExpression === undefined || rule.messageExpression === '') return written;
  try {
    const text = evaluate(rule.messageExpression);
    const isUseful =
      typeof text === 'string' && text.trim() !== '' && !/[\r\n]/.test(text) && text.length <= longestMessage;
    return isUseful ? text.trim() : written;
  } catch (error) {
    if (error instanceof EvaluationError || error instanceof CostError) return written;
    throw error;
  }
}

function failureText(error: unknown, rule: ValidationRule, budget: Budget): string {
  const written = rule.message?.trim() || rule.rule.trim();
  if (error instanceof CostError) {
    return budget.isSpent
      ? 'validation failed due to running out of cost budget, no further validation rules will be run'
      : `'${error.message}': no further validation rules will be run due to call cost exceeds limit for rule: ${written}`;
  }
  if (!(error instanceof EvaluationError)) throw error;
  return error.message.startsWith('no such overload')
    ? `'${error.message}': call arguments did not match a supported operator, function or macro signature for rule: ${written}`
    : `${error.message} evaluating rule: ${written}`;
}
