/**
 * Runs `work` so many times, in batches of 1, 2, 4 …, until one fails: a quota or a full disk then refuses once, not five hundred
 * times (kubernetes pkg/controller/replicaset/replica_set.go slowStartBatch). Throws the first failure after its batch has ended.
 */
export async function slowStartBatch(count: number, work: () => Promise<void>): Promise<void> {
  for (let done = 0, size = 1; done < count; done += size, size = Math.min(2 * size, count - done)) {
    const results = await Promise.allSettled(Array.from({ length: size }, () => work()));
    const failed = results.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }
}
