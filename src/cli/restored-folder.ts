/** A folder of this name below the data path is a state that was decided upon: from then on nothing else is served. */
export const RESTORED = 'restore';
