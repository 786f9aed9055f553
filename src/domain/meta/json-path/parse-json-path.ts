import type { JsonPathStep, Operand, Operator } from './json-path-step.ts';

/** As long as a path in a filter in a path may be. */
const maxLength = 1024;

/**
 * Reads a path such as `.status.conditions[?(@.type=="Ready")].status`: the part of client-go's templates (util/jsonpath) that may stand
 * in a CustomResourceDefinition. Undefined for text that is none.
 */
export function parseJsonPath(text: string): readonly JsonPathStep[] | undefined {
  if (text.length > maxLength) return undefined;
  const steps: JsonPathStep[] = [];
  for (let rest = text.replace(/^\$/, ''); rest !== '';) {
    const read = readBrackets(rest) ?? readField(rest);
    if (read === undefined) return undefined;
    steps.push(...read.steps);
    rest = rest.slice(read.length);
  }
  return steps;
}

type Read = { readonly steps: readonly JsonPathStep[]; readonly length: number };

/** `.name`, `..name`, `.*`, `.` alone; a backslash makes a dot part of a name. */
function readField(text: string): Read | undefined {
  const [whole, dots, name] = /^(\.{0,2})((?:\\.|[^.[\]\\ ])*)/s.exec(text) ?? [];
  if (whole === undefined || whole === '') return undefined;
  const descend: JsonPathStep[] = dots === '..' ? [{ kind: 'descendants' }] : [];
  const field = name!.replaceAll(/\\(.)/gs, '$1');
  if (field === '') return { steps: descend, length: whole.length };
  const step: JsonPathStep = field === '*' ? { kind: 'all' } : { kind: 'members', keys: [field] };
  return { steps: [...descend, step], length: whole.length };
}

const inBrackets = /^\[((?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^\]'"])*)\]/s;

function readBrackets(text: string): Read | undefined {
  const filter = /^\[\?\((.*?)\)\]/s.exec(text);
  const brackets = filter ?? inBrackets.exec(text);
  if (brackets === null) return undefined;
  const step = filter === null ? memberStep(brackets[1]!.trim()) : filterStep(brackets[1]!.trim());
  return step && { steps: [step], length: brackets[0].length };
}

function memberStep(text: string): JsonPathStep | undefined {
  if (text === '*') return { kind: 'all' };
  const slice = /^(-?\d+)?:(-?\d+)?(?::(\d+))?$/.exec(text);
  if (slice !== null) {
    const [, from, to, step = '1'] = slice;
    return { kind: 'slice', from: optional(from), to: optional(to), step: Math.max(1, Number(step)) };
  }
  const parts = text.match(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^,]+/gs) ?? [];
  const keys = parts.map((part) => literalOf(part.trim()));
  const isKey = (key: unknown): key is string | number => typeof key === 'string' || Number.isInteger(key);
  return keys.length > 0 && keys.every(isKey) ? { kind: 'members', keys } : undefined;
}

const optional = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

function filterStep(text: string): JsonPathStep | undefined {
  const [, before, operator, after] =
    /^((?:'[^']*'|"[^"]*"|[^'"<>=!])+?)\s*(==|!=|<=|>=|<|>)\s*(.+)$/s.exec(text) ?? [];
  if (operator === undefined && /[=<>!]/.test(text)) return undefined;
  const left = operandOf(before ?? text);
  const right = operandOf(after ?? 'true');
  if (left === undefined || right === undefined) return undefined;
  return { kind: 'filter', left, operator: (operator ?? 'exists') as Operator, right };
}

function operandOf(text: string): Operand | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith('@')) {
    const steps = parseJsonPath(trimmed.slice(1));
    return steps && { kind: 'path', steps };
  }
  const value = literalOf(trimmed);
  return value === undefined ? undefined : { kind: 'literal', value };
}

/** A quoted text, a number, true or false; undefined for anything else. */
function literalOf(text: string): string | number | boolean | undefined {
  const quoted = /^(['"])(.*)\1$/s.exec(text);
  if (quoted !== null) return quoted[2]!.replaceAll(/\\(.)/gs, '$1');
  if (/^[+-]?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  return text === 'true' ? true : text === 'false' ? false : undefined;
}
