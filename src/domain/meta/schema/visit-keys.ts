import { maxJsonDepth } from './json-depth.ts';

/** An object or array that is open at the current place, with the key or index it stands at. */
type Frame = { readonly keys: Set<string> | undefined; key: string; index: number; expectsKey: boolean };

/** A key of an object, at this place of the text; `isAgain` when the object has it already. */
export type KeyVisit = {
  readonly key: string;
  readonly at: number;
  readonly isAgain: boolean;
  readonly path: () => string;
};

/**
 * Goes through all keys of JSON text, in the order of the text: what JSON.parse does not tell. It reads brackets and strings only; text
 * that is no JSON is for JSON.parse to refuse. False when the text is nested too deep.
 */
export function visitKeys(text: string, visit: (key: KeyVisit) => void): boolean {
  const frames: Frame[] = [];
  for (let at = 0; at < text.length; at++) {
    const frame = frames.at(-1);
    switch (text.charAt(at)) {
      case '"': {
        const end = stringEnd(text, at);
        if (frame?.keys !== undefined && frame.expectsKey) {
          const key = keyText(text.slice(at, end + 1));
          frame.key = key;
          visit({ key, at, isAgain: frame.keys.has(key), path: () => pathOf(frames) });
          frame.keys.add(key);
        }
        at = end;
        break;
      }
      case '{':
      case '[':
        if (frames.length === maxJsonDepth) return false;
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
  return true;
}

function pathOf(frames: readonly Frame[]): string {
  return frames
    .map(({ keys, key, index }, depth) => (keys === undefined ? `[${index}]` : depth === 0 ? key : `.${key}`))
    .join('');
}

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
