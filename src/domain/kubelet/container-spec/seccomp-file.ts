import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeccompProfile } from '../../container-runtime/container.ts';

/** Larger than any profile that people write; the engine's own has 30 kB. */
const mostBytes = 1024 * 1024;

export type SeccompFile = { kind: 'profile'; profile: SeccompProfile } | { kind: 'missing'; message: string };

/** A profile of `type: Localhost`; `name` is a path below the folder, which has the same path on the host (validated: no `..`). */
export async function readSeccompFile(folder: string, name: string): Promise<SeccompFile> {
  const path = join(folder, name);
  const refuse = (why: string): SeccompFile => ({
    kind: 'missing',
    message: `cannot load seccomp profile "${path}": ${why}`,
  });
  const read = await readFile(path).catch((error: unknown) => (error as NodeJS.ErrnoException).code ?? 'unreadable');
  if (typeof read === 'string')
    return refuse(read === 'ENOENT' ? `open ${path}: no such file or directory` : `open ${path}: ${read}`);
  if (read.length > mostBytes) return refuse(`it has more than ${mostBytes} bytes`);
  const profile = read.toString();
  return isObject(profile)
    ? { kind: 'profile', profile: { kind: 'file', path, profile } }
    : refuse('it is no JSON object');
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
