import { checkCel } from '../cel/cel.ts';
import { bool, isAssignable, optionalType, string, type CelType } from '../cel/cel-type.ts';
import { invalidValue, notSupported, required, tooMany, type FieldError } from '../field-error.ts';
import { declaredValue } from './declared-value.ts';
import { additionalSchema, type JsonSchema, type ValidationRule } from './json-schema.ts';
import { namedField } from './rule-field-path.ts';

/** More than any known definition has in one version; each costs some 50 µs when the definition is written. */
const maxRules = 2000;

/**
 * What is wrong with the rules of a structural schema: those that do not parse, name what there is not or answer no bool
 * (apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go ValidateCustomResourceDefinitionOpenAPISchema).
 */
export function validateRuleDefinitions(schema: JsonSchema, field: string): FieldError[] {
  const count = countRules(schema);
  if (count === 0) return [];
  if (count > maxRules) return [tooMany(`${field}.x-kubernetes-validations`, count, maxRules)];
  return checkRules(schema, { field, name: 'selfType', isRoot: true });
}

const rulesOf = (schema: JsonSchema): readonly ValidationRule[] => schema['x-kubernetes-validations'] ?? [];

const countRules = (schema: JsonSchema): number =>
  innerSchemas(schema).reduce((sum, [, inner]) => sum + countRules(inner), rulesOf(schema).length);

const innerSchemas = (schema: JsonSchema): readonly (readonly [name: string, schema: JsonSchema])[] => {
  const additional = additionalSchema(schema);
  return [
    ...(additional === undefined ? [] : [['additionalProperties', additional] as const]),
    ...Object.entries(schema.properties ?? {}).map(([name, property]) => [`properties[${name}]`, property] as const),
    ...(schema.items === undefined ? [] : [['items', schema.items] as const]),
  ];
};

type Place = {
  readonly field: string;
  readonly name: string;
  readonly isRoot: boolean;
  /** The list whose elements cannot be told to be the same as before. */
  readonly uncorrelatable?: string;
};

function checkRules(schema: JsonSchema, place: Place): FieldError[] {
  const { field, name, isRoot } = place;
  const rules = rulesOf(schema);
  const type = rules.length === 0 ? undefined : declaredValue(schema, name, isRoot)?.type;
  return [
    ...innerSchemas(schema).flatMap(([step, inner]) =>
      checkRules(inner, {
        field: `${field}.${step}`,
        name: `${name}.${step}`,
        isRoot: false,
        ...within(place, schema, step),
      }),
    ),
    ...rules.flatMap((rule, index) =>
      checkRule(rule, schema, type, { ...place, field: `${field}.x-kubernetes-validations[${index}]` }),
    ),
  ];
}

function within({ field, uncorrelatable }: Place, schema: JsonSchema, step: string): Pick<Place, 'uncorrelatable'> {
  if (uncorrelatable !== undefined) return { uncorrelatable };
  return step === 'items' && schema['x-kubernetes-list-type'] !== 'map' ? { uncorrelatable: `${field}.items` } : {};
}

const reasons = ['FieldValueRequired', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueDuplicate'];
const hasLineBreak = (text: string): boolean => /[\r\n]/.test(text);

function checkRule(rule: ValidationRule, schema: JsonSchema, type: CelType | undefined, place: Place): FieldError[] {
  const { field } = place;
  const { message = '', reason, fieldPath = '' } = rule;
  const text = rule.rule ?? '';
  return [
    ...(text.trim() === '' ? [required(`${field}.rule`, 'rule is not specified')] : checkTexts(rule, type, place)),
    ...(message !== '' && message.trim() === ''
      ? [invalidValue(`${field}.message`, message, 'message must be non-empty if specified')]
      : []),
    ...(hasLineBreak(message.trim())
      ? [invalidValue(`${field}.message`, message, 'message must not contain line breaks')]
      : []),
    ...(hasLineBreak(text.trim()) && message.trim() === ''
      ? [required(`${field}.message`, 'message must be specified if rule contains line breaks')]
      : []),
    ...(reason === undefined || reasons.includes(reason) ? [] : [notSupported(`${field}.reason`, reason, reasons)]),
    ...(fieldPath === '' || namedField(schema, fieldPath, '') !== undefined
      ? []
      : [
          invalidValue(
            `${field}.fieldPath`,
            fieldPath,
            'fieldPath must be a valid path: does not refer to a valid field',
          ),
        ]),
  ];
}

function checkTexts(
  { rule, messageExpression = '', optionalOldSelf }: ValidationRule,
  type: CelType | undefined,
  { field, uncorrelatable }: Place,
): FieldError[] {
  if (type === undefined)
    return [invalidValue(`${field}.rule`, rule, 'rules are not supported where the schema says nothing of the value')];
  const oldType = optionalOldSelf === undefined ? type : optionalType(type);
  const variables = new Map([
    ['self', type],
    ['oldSelf', oldType],
  ]);
  const checked = checkCel(rule, variables);
  const usesOldSelf = checked.kind === 'valid' && checked.names.has('oldSelf');
  return [
    ...checkAnswer(checked, bool, `${field}.rule`, rule, [
      'compilation failed',
      'cel expression must evaluate to a bool',
    ]),
    ...(usesOldSelf && uncorrelatable !== undefined
      ? [
          invalidValue(
            `${field}.rule`,
            rule,
            `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`,
          ),
        ]
      : []),
    ...(checked.kind === 'valid' && !usesOldSelf && optionalOldSelf !== undefined
      ? [invalidValue(`${field}.optionalOldSelf`, optionalOldSelf, 'may not be set if oldSelf is not used in rule')]
      : []),
    ...checkMessage(messageExpression, variables, `${field}.messageExpression`),
  ];
}

function checkMessage(text: string, variables: ReadonlyMap<string, CelType>, field: string): FieldError[] {
  if (text === '') return [];
  if (text.trim() === '') return [required(field, 'messageExpression must be non-empty if specified')];
  return checkAnswer(checkCel(text, variables), string, field, text, [
    'messageExpression compilation failed',
    'messageExpression must evaluate to a string',
  ]);
}

function checkAnswer(
  checked: ReturnType<typeof checkCel>,
  wanted: CelType,
  field: string,
  text: string,
  [failed, wrongType]: readonly [string, string],
): FieldError[] {
  if (checked.kind === 'invalid') return [invalidValue(field, text, `${failed}: ${checked.message}`)];
  return isAssignable(wanted, checked.type) ? [] : [invalidValue(field, text, wrongType)];
}
