import { BLOCK, headerBlocks, padding, type TarEntry } from './tar-header.ts';

export type TarMember = { entry: TarEntry; content?: AsyncIterable<Buffer> };

/** An archive as it goes out. Content that has become another size meanwhile is cut, or filled with zeros, as tar does. */
export async function* writeTar(members: AsyncIterable<TarMember>): AsyncGenerator<Buffer> {
  for await (const { entry, content } of members) {
    yield headerBlocks(entry);
    let left = entry.size;
    for await (const piece of content ?? []) {
      const wanted = piece.subarray(0, left);
      left -= wanted.length;
      if (wanted.length > 0) yield wanted;
      if (left === 0) break;
    }
    for (; left > 0; left -= Math.min(left, BLOCK)) yield Buffer.alloc(Math.min(left, BLOCK));
    yield padding(entry.size);
  }
  yield Buffer.alloc(2 * BLOCK);
}
