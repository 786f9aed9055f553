/** The middle value, of an even number the mean of the two in the middle. Throws when there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) throw new RangeError('no values, no median');
  return (low + high) / 2;
}

export type Pair = { readonly ours: number; readonly theirs: number };

/** How many times as long ours takes. Two runs that follow each other meet the same load, so each pair is compared by itself. */
export const overhead = (pairs: readonly Pair[]): number => median(pairs.map(({ ours, theirs }) => ours / theirs));
