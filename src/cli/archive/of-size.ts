/** Exactly `size` bytes: content that has become another size meanwhile is cut, or filled with zeros, as tar does. */
export async function* ofSize(size: number, content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = size;
  for await (const piece of content) {
    const wanted = piece.subarray(0, left);
    left -= wanted.length;
    if (wanted.length > 0) yield wanted;
    if (left === 0) break;
  }
  for (; left > 0; left -= Math.min(left, 65_536)) yield Buffer.alloc(Math.min(left, 65_536));
}
