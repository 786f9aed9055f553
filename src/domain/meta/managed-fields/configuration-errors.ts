import { goFormat } from '../patch/go-format.ts';
import { isJsonObject, type JsonObject } from '../patch/json-value.ts';
import { listElement, ListElementError } from './list-elements.ts';
import { atomOf, type ListType, type MapType, type MergeType, type ScalarType } from './merge-type.ts';
import { fieldElement, formatElement } from './path-element.ts';

/** More than anybody reads. */
const mostErrors = 100;

type Problem = { readonly path: string; readonly message: string };

/** What is wrong with an applied configuration, in Kubernetes' words; undefined when nothing is (typed/validate.go). */
export function configurationErrors(config: JsonObject, type: MergeType): string | undefined {
  const problems = valueProblems(config, type, '').slice(0, mostErrors);
  const texts = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  if (texts.length <= 1) return texts[0];
  return ['errors:', ...texts.map((text) => `  ${text}`)].join('\n');
}

function valueProblems(value: unknown, type: MergeType, path: string): Problem[] {
  const atom = atomOf(type, value);
  if (value === null || value === undefined) return [];
  switch (atom.kind) {
    case 'scalar': {
      const message = scalarProblem(value, atom.scalar);
      return message === undefined ? [] : [{ path, message }];
    }
    case 'list':
      return Array.isArray(value)
        ? itemProblems(value, atom.list, path)
        : [{ path, message: `expected list, got &{${goFormat(value)}}` }];
    case 'map':
      return isJsonObject(value)
        ? keyProblems(value, atom.map, path)
        : [{ path, message: `expected map, got &{${goFormat(value)}}` }];
  }
}

/** Nothing is said of what comes after a field that there is not. */
function keyProblems(object: JsonObject, map: MapType, path: string): Problem[] {
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(object)) {
    const inner = path + formatElement(fieldElement(name));
    const type = map.field(name)?.type ?? map.element;
    if (type === undefined) return [...problems, { path: inner, message: 'field not declared in schema' }];
    if (problems.length < mostErrors) problems.push(...valueProblems(value, type, inner));
  }
  return problems;
}

function itemProblems(items: readonly unknown[], list: ListType, path: string): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const element = elementOf(list, item, index);
    if (element instanceof ListElementError) {
      return [...problems, { path, message: `element ${index}: ${element.message}` }];
    }
    const place = formatElement(element);
    if (seen.has(element)) problems.push({ path, message: `duplicate entries for key ${place}` });
    seen.add(element);
    if (problems.length < mostErrors) problems.push(...valueProblems(item, list.element, path + place));
  }
  return problems;
}

function elementOf(list: ListType, item: unknown, index: number): string | ListElementError {
  if (list.relationship === 'atomic') return `i:${index}`;
  try {
    return listElement(list, item);
  } catch (error) {
    if (error instanceof ListElementError) return error;
    throw error;
  }
}

function scalarProblem(value: unknown, scalar: ScalarType): string | undefined {
  switch (scalar) {
    case 'numeric':
      return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    case 'string':
      return typeof value === 'string'
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got &{${goFormat(value)}}`;
    case 'untyped':
      return typeof value === 'object' ? `expected any scalar, got &{${goFormat(value)}}` : undefined;
  }
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : 'string';
}

/** As Go's `%#v` prints it; cut at 1000 characters. */
const goSyntax = (value: unknown): string => syntaxOf(value).slice(0, 1000);

function syntaxOf(value: unknown): string {
  if (value === null) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(syntaxOf).join(', ')}}`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${syntaxOf(value[name])}`);
  return `map[string]interface {}{${members.join(', ')}}`;
}
