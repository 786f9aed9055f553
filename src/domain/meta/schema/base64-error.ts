/**
 * What Go's base64.StdEncoding says about text that it cannot decode, nothing about text that it can. Line breaks are ignored, padding is
 * required (encoding/base64, decodeQuantum).
 */
export function base64Error(text: string): string | undefined {
  const at = firstCorruptByte(text);
  return at === undefined ? undefined : `illegal base64 data at input byte ${at}`;
}

const wellFormed = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function firstCorruptByte(text: string): number | undefined {
  if (wellFormed.test(text)) return undefined;
  let inQuantum = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\n' || character === '\r') continue;
    if (character === '=') return paddingError(text, at, inQuantum);
    if (!/[A-Za-z0-9+/]/.test(character)) return at;
    inQuantum = (inQuantum + 1) % 4;
  }
  return inQuantum === 0 ? undefined : text.length - inQuantum;
}

/** `at` is the first `=`, after `inQuantum` characters of its group of four. */
function paddingError(text: string, at: number, inQuantum: number): number | undefined {
  if (inQuantum < 2) return at;
  const last = inQuantum === 3 ? at : nextCharacter(text, at + 1);
  if (last === text.length) return text.length;
  if (text[last] !== '=') return last;
  const rest = nextCharacter(text, last + 1);
  return rest === text.length ? undefined : rest;
}

function nextCharacter(text: string, from: number): number {
  let at = from;
  while (text[at] === '\n' || text[at] === '\r') at++;
  return at;
}
