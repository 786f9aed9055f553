/** The same content; `saw` hears of each piece when it is read. */
export async function* observed(content: AsyncIterable<Buffer>, saw: (piece: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const piece of content) {
    saw(piece);
    yield piece;
  }
}
