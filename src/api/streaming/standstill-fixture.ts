import { vi } from 'vitest';

/** What is counted, once it stands still: nothing was added in a third of a second. */
export async function standstill(count: () => number): Promise<number> {
  let before = -1;
  await vi.waitUntil(
    () => {
      const now = count();
      const stands = now === before;
      before = now;
      return stands;
    },
    { interval: 300, timeout: 30_000 },
  );
  return before;
}
