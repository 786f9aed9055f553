import type { ByteReader } from '../../domain/meta/byte-reader.ts';
import { BLOCK } from './tar-header.ts';

/** Exactly so many bytes, as they come. Throws when the archive ends before them. */
export async function* piecesOf(archive: ByteReader, count: number): AsyncGenerator<Buffer> {
  for (let left = count; left > 0;) {
    const piece = await archive.atMost(left);
    if (piece === undefined) throw new Error('the archive ends too early');
    left -= piece.length;
    yield piece;
  }
}

/** The next block; undefined where the archive has ended. Throws when it ends inside of one. */
export async function nextBlock(archive: ByteReader): Promise<Buffer | undefined> {
  const first = await archive.atMost(BLOCK);
  return first && Buffer.concat([first, ...(await Array.fromAsync(piecesOf(archive, BLOCK - first.length)))]);
}
