import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UsageError } from '../command.ts';
import { pathOf } from '../archive/path-of.ts';

/** To standard output, or to a file that is there whole, for its owner only, or not at all. */
export async function writeOutput(name: string | undefined, content: AsyncIterable<Buffer>): Promise<void> {
  if (name !== undefined && name !== '-') return writeFile(pathOf(name), content);
  if (process.stdout.isTTY) throw new UsageError('name a file, or send standard output to one');
  await pipeline(Readable.from(content, { objectMode: false }), process.stdout, { end: false });
}

async function writeFile(path: string, content: AsyncIterable<Buffer>): Promise<void> {
  const temporary = join(dirname(path), `.${randomUUID()}.new`);
  const file = await open(temporary, 'wx', 0o600);
  try {
    for await (const piece of content) await file.writeFile(piece);
    await file.sync();
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
}
