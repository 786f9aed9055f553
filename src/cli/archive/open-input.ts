import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { UsageError } from '../command.ts';
import { pathOf } from './path-of.ts';
import { gunzipped } from './gunzipped.ts';

/** The file, or standard input for none and for `-`; unpacked where it is gzip. */
export async function openInput(name: string | undefined): Promise<Readable> {
  if (name === undefined || name === '-') {
    if (process.stdin.isTTY) throw new UsageError('name a file, or send one to standard input (docker exec -i)');
    return gunzipped(process.stdin);
  }
  const path = pathOf(name);
  if (!(await stat(path)).isFile()) throw new Error(`${path} is no file`);
  return gunzipped(createReadStream(path));
}
