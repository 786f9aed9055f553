/** Chance that is the same for the same seed. */
export type Random = {
  /** An integer from 0 to n - 1. */
  below: (n: number) => number;
  pick: <T>(list: readonly T[]) => T;
  maybe: (odds: number) => boolean;
};

export function seededRandom(seed: number): Random {
  const random = generator(seed);
  const below = (n: number): number => Math.floor(random() * n);
  return { below, pick: (list) => list[below(list.length)]!, maybe: (odds) => random() < odds };
}

/** mulberry32: the same requests for the same seed. */
function generator(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
