import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FieldCase } from './field-case.ts';

const parent = '/var/lib/k2d-test';

/** Runs a case that needs something of the host beside what it made there; all of it is gone afterwards. */
export async function withHostFolder(
  { spec, onHost }: FieldCase,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  if (typeof spec !== 'function') return work('');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'host-'));
  try {
    const end = await onHost?.(folder);
    try {
      await work(folder);
    } finally {
      await end?.();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
