import { readFile } from 'node:fs/promises';
import { endianness } from 'node:os';

/** AT_PAGESZ of <linux/auxvec.h> */
const pageSizeEntry = 6;

/** Size of a memory page of this kernel: 4 KiB, on some arm64 boards 16 or 64 KiB. Node does not tell; the kernel tells every process at its start. */
export async function pageBytes(): Promise<number> {
  const vector = await readFile('/proc/self/auxv');
  const wordBytes = process.arch === 'arm' ? 4 : 8;
  const word = (index: number) =>
    endianness() === 'LE'
      ? vector.readUIntLE(index * wordBytes, Math.min(wordBytes, 6))
      : vector.readUIntBE((index + 1) * wordBytes - Math.min(wordBytes, 6), Math.min(wordBytes, 6));
  for (let index = 0; (index + 2) * wordBytes <= vector.length; index += 2) {
    if (word(index) === pageSizeEntry) return word(index + 1);
  }
  return 4096;
}
