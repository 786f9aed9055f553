import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerExit } from '../../container-runtime/container.ts';
import type { GivenResources } from '../container-spec/given-resources.ts';
import type { RunRecord } from './run-history.ts';

/** What the engine cannot tell again. */
export type PodRecord = {
  runs: [string, RunRecord][];
  lastExits: [string, ContainerExit][];
  /** The run of each container that its postStart hook was for. */
  hooked: [string, string][];
  /** Containers that the kubelet itself stopped until their next start. */
  held: string[];
  /** The resources that each container was given last, where that is not what it was made with. */
  given: [string, GivenResources][];
};

const empty: PodRecord = { runs: [], lastExits: [], hooked: [], held: [], given: [] };

/** A lost or spoiled file is no harm: counts begin at what the engine says. */
export async function readPodRecord(folder: string): Promise<PodRecord> {
  try {
    return { ...empty, ...(JSON.parse(await readFile(pathOf(folder), 'utf8'), revive) as Partial<PodRecord>) };
  } catch {
    return empty;
  }
}

/** Written when a container was started again, or is about to be held; never while a pod just runs. */
export async function writePodRecord(folder: string, record: PodRecord): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const path = pathOf(folder);
  await writeFile(`${path}.new`, JSON.stringify(record), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

const pathOf = (folder: string): string => join(folder, 'record.json');

/** Times of exits are Dates. */
function revive(this: unknown, key: string, value: unknown): unknown {
  const isExit = typeof this === 'object' && this !== null && 'oomKilled' in this;
  return isExit && (key === 'startedAt' || key === 'finishedAt') ? new Date(String(value)) : value;
}
