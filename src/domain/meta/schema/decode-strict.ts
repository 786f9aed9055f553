import { duplicateFields, type DuplicateKey } from './duplicate-fields.ts';

export type DecodeResult =
  /** `duplicates`: what to complain of fields that are there twice, such as `duplicate field "spec.replicas"`. The last one counts, as in Go. */
  | {
      readonly kind: 'decoded';
      readonly object: unknown;
      readonly duplicates: readonly string[];
      /** The same, as YAML's messages tell them. */
      readonly duplicateKeys?: readonly DuplicateKey[];
    }
  /** `message` is Go's, without any of the text: a body may hold secrets. */
  | { readonly kind: 'invalid'; readonly message: string };

/** Reads JSON that a client sent. Nesting is bounded, so that whatever walks the object later cannot run out of stack. */
export function decodeStrict(text: string): DecodeResult {
  const scanned = duplicateFields(text);
  if (scanned.kind === 'tooDeep') return { kind: 'invalid', message: 'exceeded max depth' };
  try {
    const { duplicates, keys } = scanned;
    const duplicateKeys = keys.length === 0 ? {} : { duplicateKeys: keys };
    return { kind: 'decoded', object: JSON.parse(text), duplicates, ...duplicateKeys };
  } catch (error) {
    return { kind: 'invalid', message: syntaxMessage(text, error instanceof Error ? error.message : '') };
  }
}

/** What V8 says about the place, and what Go's encoding/json says there: clients and tests know Go's words. */
const goContext: readonly (readonly [v8: string, go: string])[] = [
  ['Expected property name', 'looking for beginning of object key string'],
  ['Expected double-quoted property name', 'looking for beginning of object key string'],
  ["Expected ':'", 'after object key'],
  ["Expected ',' or '}'", 'after object key:value pair'],
  ["Expected ',' or ']'", 'after array element'],
  ['Bad control character', 'in string literal'],
  ['Bad escaped character', 'in string escape code'],
  ['Bad Unicode escape', 'in \\u hexadecimal character escape'],
  ['No number after minus sign', 'in numeric literal'],
  ['Exponent part', 'in exponent of numeric literal'],
  ['Unterminated fractional', 'after decimal point in numeric literal'],
  ['Unexpected number', 'looking for beginning of value'],
  ['Unexpected non-whitespace', 'after top-level value'],
];

function syntaxMessage(text: string, v8Message: string): string {
  const position = /at position (\d+)/.exec(v8Message)?.[1];
  const character = position === undefined ? /^Unexpected token '(.)'/su.exec(v8Message)?.[1] : text[Number(position)];
  if (character === undefined || v8Message.startsWith('Unterminated string')) return 'unexpected end of JSON input';
  const context = goContext.find(([v8]) => v8Message.startsWith(v8))?.[1] ?? 'looking for beginning of value';
  return `invalid character ${quoted(character)} ${context}`;
}

function quoted(character: string): string {
  return character === "'" ? String.raw`'\''` : `'${JSON.stringify(character).slice(1, -1).replace('\\"', '"')}'`;
}
