/** Pieces that go before the byte of this offset; those of later insertions come later. */
export type Insertion = { readonly at: number; readonly pieces: Iterable<Buffer> };

/** The bytes of a source with more inserted, made when their place has come. */
export async function* withInsertions(
  source: AsyncIterable<Buffer>,
  insertions: readonly Insertion[],
): AsyncGenerator<Buffer> {
  const waiting = [...insertions];
  let passed = 0;
  for await (const chunk of source) {
    let rest = chunk;
    while (waiting[0] !== undefined && waiting[0].at < passed + rest.length) {
      const { at, pieces } = waiting.shift()!;
      yield rest.subarray(0, at - passed);
      yield* pieces;
      rest = rest.subarray(at - passed);
      passed = at;
    }
    yield rest;
    passed += rest.length;
  }
  for (const { pieces } of waiting) yield* pieces;
}
