import { maxJsonDepth } from './json-depth.ts';

/** As many as the API server reports (sigs.k8s.io/json, kubernetes_patch.go). */
const maxReports = 100;

/** A key that an object has already, and the line of the text, from 1, where it comes again. */
export type DuplicateKey = { readonly key: string; readonly line: number };

export type DuplicateScan =
  | { readonly kind: 'scanned'; readonly duplicates: readonly string[]; readonly keys: readonly DuplicateKey[] }
  | { readonly kind: 'tooDeep' };

/** An object or array that is open at the current place, with the key or index it stands at. */
type Frame = { readonly keys: Set<string> | undefined; key: string; index: number; expectsKey: boolean };

/**
 * Finds the fields that JSON text names twice in one object, in the order of the text: what JSON.parse cannot tell. It reads brackets and
 * strings only; text that is no JSON is for JSON.parse to refuse.
 */
export function duplicateFields(text: string): DuplicateScan {
  const frames: Frame[] = [];
  const duplicates = new Map<string, { key: string; at: number }>();
  for (let at = 0; at < text.length; at++) {
    const frame = frames.at(-1);
    switch (text.charAt(at)) {
      case '"': {
        const end = stringEnd(text, at);
        if (frame?.keys !== undefined && frame.expectsKey)
          noteKey(frames, frame.keys, keyText(text.slice(at, end + 1)), at, duplicates);
        at = end;
        break;
      }
      case '{':
      case '[':
        if (frames.length === maxJsonDepth) return { kind: 'tooDeep' };
        frames.push({ keys: text[at] === '{' ? new Set() : undefined, key: '', index: 0, expectsKey: true });
        break;
      case '}':
      case ']':
        frames.pop();
        break;
      case ':':
        if (frame !== undefined) frame.expectsKey = false;
        break;
      case ',':
        if (frame !== undefined) {
          frame.expectsKey = true;
          frame.index++;
        }
        break;
      default:
    }
  }
  const keys = [...duplicates.values()].map(({ key, at }) => ({ key, line: lineAt(text, at) }));
  return { kind: 'scanned', duplicates: [...duplicates.keys()], keys };
}

function noteKey(
  frames: readonly Frame[],
  keys: Set<string>,
  key: string,
  at: number,
  duplicates: Map<string, { key: string; at: number }>,
): void {
  const frame = frames.at(-1);
  if (frame !== undefined) frame.key = key;
  if (keys.has(key) && duplicates.size < maxReports)
    duplicates.set(`duplicate field ${JSON.stringify(pathOf(frames))}`, { key, at });
  keys.add(key);
}

function pathOf(frames: readonly Frame[]): string {
  return frames
    .map(({ keys, key, index }, depth) => (keys === undefined ? `[${index}]` : depth === 0 ? key : `.${key}`))
    .join('');
}

/** Of the character at this place, from 1. */
export const lineAt = (text: string, at: number): number => text.slice(0, at).split('\n').length;

/** Where the string that opens at `start` closes; the end of the text when it does not. */
function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let escapes = quote;
    while (text[escapes - 1] === '\\') escapes--;
    if ((quote - escapes) % 2 === 0) return quote;
  }
  return text.length;
}

/** Two spellings of a key (`"a"`, `"\u0061"`) are one key. */
function keyText(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
