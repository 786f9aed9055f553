/** Devices go with their containers at any time; that three go one after the other, each between look and change, does not happen. */
const mostTries = 3;

/**
 * `attempt` looks at the devices that are there and changes them. Where that fails it looks again: one that has gone meanwhile is not
 * there any more, a fault is, and is thrown.
 */
export async function despiteGoneDevices(attempt: () => Promise<unknown>, signal?: AbortSignal): Promise<void> {
  for (let left = mostTries; ; left--) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (left === 1 || signal?.aborted) throw error;
    }
  }
}
