export type NumberRange = { first: number; last: number };

/**
 * A number that is not taken, from the upper band of the range while there is one, so that the lower band stays free for numbers
 * that people choose (kubernetes KEP-3070, KEP-3668); undefined when all are taken. Starts anywhere, so that a number that was just
 * given back is not handed out at once.
 */
export function freeNumber(
  { first, last }: NumberRange,
  lowerBand: number,
  taken: ReadonlySet<number>,
  random: () => number,
): number | undefined {
  const boundary = Math.min(first + lowerBand, last);
  return freeFrom({ first: boundary, last }, taken, random) ?? freeFrom({ first, last: boundary - 1 }, taken, random);
}

function freeFrom({ first, last }: NumberRange, taken: ReadonlySet<number>, random: () => number): number | undefined {
  const count = last - first + 1;
  const start = Math.floor(random() * count);
  for (let step = 0; step < count; step++) {
    const number = first + ((start + step) % count);
    if (!taken.has(number)) return number;
  }
  return undefined;
}
