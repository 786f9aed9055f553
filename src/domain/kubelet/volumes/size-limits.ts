import type { Dirent } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { quantityValue } from '../../meta/quantity.ts';
import type { Pod, Volume } from '../../meta/types.ts';
import type { PodVerdict } from '../pod/pod-verdict.ts';

/** As often as the kubelet's eviction manager looks (monitoringInterval). */
const leastPauseMs = 10_000;
/** Looking takes at most this part of the time. */
const pauseFactor = 100;
/** As lstat(2) counts. */
const blockBytes = 512;

/**
 * Whether a pod's emptyDirs on disk have outgrown their limits (kubernetes pkg/kubelet/eviction/eviction_manager.go emptyDirLimitEviction). Pods without
 * such a limit cost nothing.
 */
export class SizeLimits {
  #nextLook = 0;
  #verdict: PodVerdict | undefined;

  get verdict(): PodVerdict | undefined {
    return this.#verdict;
  }

  /** Answers when to look again, in milliseconds since 1970; undefined: never. */
  async look(pod: Pod, folderOf: (volume: string) => string, now: () => number): Promise<number | undefined> {
    const limited = (pod.spec?.volumes ?? []).filter((volume) => limitOf(volume) !== undefined);
    if (limited.length === 0 || this.#verdict) return undefined;
    if (now() < this.#nextLook) return this.#nextLook;
    const begun = now();
    for (const volume of limited) this.#verdict ??= await excess(volume, folderOf(volume.name));
    this.#nextLook = now() + Math.max(leastPauseMs, pauseFactor * (now() - begun));
    return this.#nextLook;
  }
}

function limitOf({ emptyDir }: Volume): number | undefined {
  const limit = emptyDir?.medium ? undefined : emptyDir?.sizeLimit;
  // No limit, in Kubernetes too.
  return limit === undefined || quantityValue(limit) === 0 ? undefined : quantityValue(limit);
}

async function excess(volume: Volume, folder: string): Promise<PodVerdict | undefined> {
  if ((await bytesIn(folder)) <= limitOf(volume)!) return undefined;
  const message = `Usage of EmptyDir volume "${volume.name}" exceeds the limit "${volume.emptyDir?.sizeLimit}". `;
  return { phase: 'Failed', reason: 'Evicted', message };
}

/** What it takes of the disk, holes not counted; what goes meanwhile is not counted either. */
async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  const entries = await opendir(folder).catch(() => []);
  for await (const entry of entries as AsyncIterable<Dirent>) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += await bytesIn(path);
    else bytes += ((await lstat(path).catch(() => undefined))?.blocks ?? 0) * blockBytes;
  }
  return bytes;
}
