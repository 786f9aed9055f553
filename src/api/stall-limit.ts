/** Milliseconds. A client that takes nothing, or for which not one byte moves, for so long is as good as gone. */
export const stallLimit = 60_000;
