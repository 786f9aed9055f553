import { vi } from 'vitest';

/** What controllers do soon, within the time that a busy machine takes. */
export const eventually = <T>(assertion: () => T | Promise<T>): Promise<T> => vi.waitFor(assertion, { interval: 10 });
