/** Time comes in by argument, so that tests can make it jump. */
export type Clock = { now(): Date };

export const systemClock: Clock = { now: () => new Date() };

/** RFC 3339 in whole seconds: what metav1.Time carries. */
export const toTime = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

/** RFC 3339 to the microsecond, of which the last three digits are zeros here. */
export const toMicroTime = (date: Date): string => date.toISOString().replace('Z', '000Z');
