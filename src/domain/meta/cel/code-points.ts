/** How many characters a text has, as Go counts runes. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let at = 0; at + 1 < text.length; at++) if (text.codePointAt(at)! > 0xffff) count--;
  return count;
}
